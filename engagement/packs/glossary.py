"""The abbreviations that NHS papers use, and what they stand for. Pure."""

import re
from collections.abc import Iterable

MEANINGS = {
    "A&E": "Accident and emergency",
    "AF": "Atrial fibrillation, an irregular heartbeat",
    "AHP": "Allied health professional, such as a physiotherapist",
    "AI": "Artificial intelligence",
    "BCF": "Better Care Fund",
    "BMI": "Body mass index",
    "CAS": "Clinical Assessment Service",
    "CCG": "Clinical commissioning group",
    "CCIO": "Chief clinical information officer",
    "CIC": "Community interest company",
    "CIO": "Chief information officer",
    "CNS": "Clinical nurse specialist",
    "COPD": "Chronic obstructive pulmonary disease",
    "CPD": "Continuing professional development",
    "CQC": "Care Quality Commission",
    "CQUIN": "Commissioning for Quality and Innovation, a payment",
    "CT": "Computed tomography, a scan",
    "CVD": "Cardiovascular disease",
    "CYP": "Children and young people",
    "DES": "Directed enhanced service",
    "ECDS": "Emergency Care Data Set",
    "EIA": "Equality impact assessment",
    "EIP": "Early intervention in psychosis",
    "ESCAPE": "Enabling self-management and coping with arthritic pain through exercise",
    "FH": "Familial hypercholesterolaemia, inherited high cholesterol",
    "FIT": "Faecal immunochemical test",
    "GP": "General practitioner",
    "GPonline": "A news service for general practice",
    "HEE": "Health Education England",
    "HPV": "Human papillomavirus",
    "HSJ": "Health Service Journal",
    "HWB": "Health and wellbeing board",
    "IAPT": "Improving Access to Psychological Therapies",
    "ICS": "Integrated care system",
    "IPS": "Individual placement and support",
    "IT": "Information technology",
    "JHOSC": "Joint health overview and scrutiny committee",
    "LA": "Local authority",
    "LD": "Learning disability",
    "LGC": "Local Government Chronicle",
    "LTC": "Long-term condition",
    "LTP": "NHS Long Term Plan",
    "LeDeR": "Learning Disabilities Mortality Review",
    "MDT": "Multidisciplinary team",
    "MFF": "Market forces factor",
    "MRI": "Magnetic resonance imaging",
    "MSK": "Musculoskeletal",
    "MedTech": "Medical technology",
    "NED": "Non-executive director",
    "NHS": "National Health Service",
    "NHSE": "NHS England",
    "NHSE&I": "NHS England and NHS Improvement",
    "NHSI": "NHS Improvement",
    "NICE": "National Institute for Health and Care Excellence",
    "NIHR": "National Institute for Health Research",
    "NWL": "North West London",
    "OHSEL": "Our Healthier South East London",
    "ONS": "Office for National Statistics",
    "PCN": "Primary care network",
    "QOF": "Quality and Outcomes Framework",
    "RAG": "Red, amber, green",
    "RCM": "Royal College of Midwives",
    "RDC": "Rapid diagnostic centre",
    "RECONNECT": "A care service for people who leave prison",
    "SDEC": "Same day emergency care",
    "SEL": "South East London",
    "SMI": "Severe mental illness",
    "SPC": "Statistical process control",
    "STAMP": "Supporting Treatment and Appropriate Medication in Paediatrics",
    "STOMP": "Stopping Over-Medication of People with a learning disability, autism or both",
    "STP": "Sustainability and transformation partnership",
    "TYA": "Teenagers and young adults",
    "UEC": "Urgent and emergency care",
    "UK": "United Kingdom",
    "UTC": "Urgent treatment centre",
    "VCS": "Voluntary and community sector",
}
# Addresses, and the codes of commitments, are no abbreviations.
_NO_WORDS = re.compile(r"https?://\S+|\bwww\.\S+|\b[A-Z]+\d?(?:-[A-Z]+)+-\d+\b")
# Two capitals or more: LTP, NHSE&I, LeDeR, PCNs.
_ABBREVIATION = re.compile(r"\b[A-Z][a-z]*(?:&?[A-Z][a-z]*)+\b")
_PLURAL = re.compile(r"(?<=[A-Z])s$")


def abbreviations(texts: Iterable[str]) -> set[str]:
    """Every abbreviation in these texts, in the singular."""
    found = (match for text in texts for match in _ABBREVIATION.findall(_NO_WORDS.sub(" ", text)))
    return {_PLURAL.sub("", short) for short in found}


def found_in(texts: Iterable[str]) -> dict[str, str]:
    """The abbreviations that are used, with their meanings; one that is not known is left out."""
    return {short: MEANINGS[short] for short in abbreviations(texts) if short in MEANINGS}
