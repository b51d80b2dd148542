"""A small set of reference files for the tests of loading: right as it stands, to be spoilt one cell at a time."""

import csv
import json
from pathlib import Path

SQUARE = {"type": "Polygon", "coordinates": [[[0, 51], [1, 51], [1, 52], [0, 51]]]}

TABLES = {
    "footprints.csv": """
code,ons_code,name,label,partnership_name,level,kind,parent,population,population_basis,opened_on,closed_on,successor,verified,source,note
U1,,Bexley PCN,,,pcn,pcn,E09000004,40000,Patients,2019-07-01,,,yes,ODS,
E09000004,E09000004,Bexley,,,place,borough,QKK,248000,Residents,,,,yes,ONS,
QKK,E54000030,South East London,,,system,ics,Y56,1900000,Patients,,,,yes,ODS,
Y56,,London,,,region,nhs_region,ENG,,,,,,yes,ODS,
ENG,,England,,,england,country,,,,,,,yes,ONS,
""",
    "footprint_shares.csv": """
place,system,population,share,is_main,verified,source
E09000004,QKK,248000,1.0,yes,yes,ONS
""",
    "organisations.csv": """
code,ods_code,ons_code,name,kind,roles,system,population,population_basis,opened_on,closed_on,successor,verified,source,note
ccg:07n,07N,,NHS Bexley CCG,ccg,,QKK,240000,Patients,,2020-03-31,ccg:72q,yes,ODS,
ccg:72q,72Q,,NHS South East London CCG,ccg,,QKK,,,2020-04-01,,,yes,ODS,
la:bexley,,,London Borough of Bexley,local_authority,,QKK,,,,,,yes,ONS,
""",
    "organisation_footprints.csv": """
organisation,footprint,share,verified,source
ccg:07n,E09000004,,yes,ODS
""",
    "tiles.csv": """
grid,code,column,row,label
systems,QKK,6,8,SEL
""",
    "maturity_frameworks.csv": """
code,name,version,kind,level,used_at_places,footprint,replaces,ordinal,source
ICSM,ICS matrix,June 2019,matrix,system,yes,,,1,Paper
""",
    "maturity_domains.csv": """
framework,name,ordinal
ICSM,Leadership,1
""",
    "maturity_levels.csv": """
framework,ordinal,name
ICSM,1,emerging
ICSM,2,developing
""",
    "maturity_criteria.csv": """
code,framework,domain,level,text,due_on,replaces,source,verified
A1.1,ICSM,Leadership,1,Leaders have signed up,,,Paper,no
A2.1,ICSM,Leadership,2,Leaders decide together,2021-04-30,A1.1,Paper,yes
""",
    "maturity_expectations.csv": """
code,framework,level,domain,criterion,footprint_level,due_on,source
ICSM-developing,ICSM,2,,,system,2021-04-30,Paper
ICSM-leaders,ICSM,1,Leadership,,system,2020-04-30,Paper
ICSM-signed-up,ICSM,1,Leadership,A1.1,system,2019-12-31,Paper
""",
    "plans.csv": """
code,name,published_on,final_submission_on,source
LTP,NHS Long Term Plan,2019-01-07,2019-11-15,Paper
""",
    "themes.csv": """
code,plan,name,theme_class,ordinal
OOH,LTP,Care out of hospital,core_foundation,1
UEC,LTP,Urgent care,core_foundation,2
""",
    "commitments.csv": """
code,theme,title,description,chapter,life_stage,delivery_level,deadline_text,deadline_on,deadline_kind,source,verified
LTP1-OOH-01,OOH,Two-hour response,Care at home within two hours.,1,age_well,place,2023/24,2024-03-31,by,Paper,yes
LTP1-UEC-01,UEC,Urgent care by telephone,Day and night.,1,all,system,not dated,,none,Paper,no
""",
    "national_milestones.csv": """
commitment,title,due_on,target_value,unit,source,verified
LTP1-OOH-01,Seven sites start,2020-04-30,7,sites,Paper,yes
""",
    "metrics.csv": """
commitment,name,unit,is_headline,scope,direction,baseline,baseline_on,target,source,verified
LTP1-OOH-01,Places with the response,% of places,yes,per_ics,reach,0,2019-04-01,100,Paper,yes
""",
    "trajectories.csv": """
commitment,metric,unit,basis,recorded_on,source
LTP1-OOH-01,Places with the response,% of places,National plan,2019-01-07,Paper
""",
    "trajectory_points.csv": """
commitment,metric,unit,due_on,value,source,verified
LTP1-OOH-01,Places with the response,% of places,2021-03-31,50,Paper,yes
LTP1-OOH-01,Places with the response,% of places,2024-03-31,100,Paper,yes
""",
    "reporting_periods.csv": """
starts_on,ends_on,opens_on,due_on,closes_on
2019-09-01,2019-09-30,2019-09-20,2019-10-07,2019-10-14
""",
    "committees.csv": """
slug,name,kind,body,is_standing,verified,source,note
jhosc,Joint committee,jhosc,,yes,yes,Paper,
""",
    "committee_councils.csv": """
committee,council,source
jhosc,la:bexley,Paper
""",
    "committee_footprints.csv": """
committee,footprint,source
jhosc,QKK,Paper
""",
}


def write_small_reference(folder: Path) -> Path:
    for name, text in TABLES.items():
        (folder / name).write_text(text.lstrip(), encoding="utf-8")
    write_outlines(folder, [{"footprint": "QKK", "is_verified": "yes"}])
    return folder


def write_outlines(folder: Path, properties: list[dict], geometry: object = SQUARE) -> None:
    features = [{"type": "Feature", "properties": each, "geometry": geometry} for each in properties]
    (folder / "boundaries.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))


def read_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def set_cell(path: Path, *, row: int, column: str, text: str) -> None:
    """Changes one cell; rows are numbered as in a spreadsheet, the header being row 1."""
    rows = read_rows(path)
    rows[row - 1][rows[0].index(column)] = text
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def drop_row(path: Path, row: int) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[: row - 1] + lines[row:]), encoding="utf-8")
