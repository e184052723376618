"""Code tables of the cards: sex (GB/T 2261.1), nation (GB/T 3304), private-use characters.

Data only; numbers and names are those of the standards. Unknown codes are kept as codes, never an error.
"""

from __future__ import annotations

from types import MappingProxyType

SEXES = MappingProxyType({"0": "未知", "1": "男", "2": "女", "9": "未说明"})

_NATIONS = [
    "汉",
    "蒙古",
    "回",
    "藏",
    "维吾尔",
    "苗",
    "彝",
    "壮",
    "布依",
    "朝鲜",
    "满",
    "侗",
    "瑶",
    "白",
    "土家",
    "哈尼",
    "哈萨克",
    "傣",
    "黎",
    "傈僳",
    "佤",
    "畲",
    "高山",
    "拉祜",
    "水",
    "东乡",
    "纳西",
    "景颇",
    "柯尔克孜",
    "土",
    "达斡尔",
    "仫佬",
    "羌",
    "布朗",
    "撒拉",
    "毛南",
    "仡佬",
    "锡伯",
    "阿昌",
    "普米",
    "塔吉克",
    "怒",
    "乌孜别克",
    "俄罗斯",
    "鄂温克",
    "德昂",
    "保安",
    "裕固",
    "京",
    "塔塔尔",
    "独龙",
    "鄂伦春",
    "赫哲",
    "门巴",
    "珞巴",
    "基诺",
]
NATIONS = MappingProxyType(
    {f"{code:02}": name for code, name in enumerate(_NATIONS, start=1)} | {"97": "其他", "98": "外国血统中国籍人士"}
)

_PRIVATE_USE_FIRST = 0xE815
_STANDARD = (
    "⺁𠂇𠂉𠃌⺄㑳㑇⺈⺋龴㖞㘚㘎⺌⺗㥮"
    "㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠⺧𡗗龸⺪䁖"
    "䅟⺮䌷⺳⺶⺷𢦏䎱䎬⺻䏝䓖䙡䙌龹䜣"
    "䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺"
    "𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻"
)
PRIVATE_USE = MappingProxyType({_PRIVATE_USE_FIRST + index: character for index, character in enumerate(_STANDARD)})
"""Private-use code point → standard character: U+E815–U+E864, the 80 characters GB codes FE50–FEA0 stood for.

Cards issued by older systems may carry the private form. U+E863 → 䶮 (U+4DAE).
"""
