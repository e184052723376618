"""Invented cards for simulators and tests. Region code 700000 is unassigned, UTO is the specimen country of ICAO.

The prefix of a Hong Kong permit is real, so that person is born on 1900-01-01, which no living holder can be.
"""

from __future__ import annotations

from types import MappingProxyType

from drivers.idcard.model import LONG_TERM, CardType, IdCard
from drivers.idcard.text import replace_private_use

_STREET = "测试省虚构市样例区示范路"
_ISSUER = "虚构市公安局样例分局"


def _mainland(
    name: str,
    number: str,
    *,
    sex: str = "1",
    nation: str = "01",
    address: str = f"{_STREET}1号",
    valid: tuple[str, str] = ("20200101", "20400101"),
) -> IdCard:
    return IdCard(
        card_type=CardType.MAINLAND,
        name=replace_private_use(name),
        name_raw=name,
        number=number,
        birth=number[6:14],
        sex_code=sex,
        nation_code=nation,
        address=address,
        issuer=_ISSUER,
        valid_from=valid[0],
        valid_to=valid[1],
    )


SAMPLES: MappingProxyType[str, IdCard] = MappingProxyType(
    {
        "mainland": _mainland("测试甲", "700000199001010013"),
        "mainland_long_term": _mainland(
            "阿·测试",
            "700000196002290025",
            sex="2",
            nation="05",
            address=f"{_STREET}2号院3号楼4单元501室",
            valid=("20200229", LONG_TERM),
        ),
        "mainland_rare": _mainland("测\ue863丙", "700000199001010013"),
        "mainland_expired": _mainland("样例乙", "70000019851231003X", nation="97", valid=("20150601", "20210101")),
        "hmt": IdCard(
            card_type=CardType.HMT,
            name="测港甲",
            name_raw="测港甲",
            number="810000190001010018",
            sex_code="1",
            birth="19000101",
            address=f"{_STREET}8号",
            issuer=_ISSUER,
            valid_from="20200101",
            valid_to="20250101",
            pass_number="H00000000",  # noqa: S106 - a travel document's number
            issue_count="01",
        ),
        "fpr_2017": IdCard(
            card_type=CardType.FPR_2017,
            name="测外甲",
            name_raw="测外甲",
            name_en="SAMPLE, TESTPERSON",
            number="UTO700090010110",
            sex_code="1",
            birth="19900101",
            nationality="UTO",
            valid_from="20180101",
            valid_to="20280101",
            card_version="01",
            authority_code="7000",
        ),
        "fpr_2023": IdCard(
            card_type=CardType.FPR_2023,
            name="测外乙",
            name_raw="测外乙",
            name_en="SAMPLEVERYLONGFAMILYNAME, TESTPERSON GIVENNAME",
            number="970999199001010014",
            sex_code="1",
            birth="19900101",
            nationality="UTO",
            valid_from="20240101",
            valid_to="20340101",
            renewals="00",
            old_number_link="001",
        ),
    }
)
NEWEST_ADDRESSES: MappingProxyType[str, str] = MappingProxyType({"mainland_long_term": f"{_STREET[:9]}新址路100号"})
"""Samples with an appended address."""
