"""The letter pad finds every item by the first letters that a resident would say."""

import json
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.catalogue.importing import item_of
from server.catalogue.initials import initials_of
from server.catalogue.schemas import ItemDetailOut, ItemOut

# Read aloud by hand, not by the library. 参保 is can, 核 is he, 长 would be chang in 长三角.
SPOKEN = {
    "食品经营许可（新办）": "spjyxkxb",
    "仅销售预包装食品备案": "jxsybzspba",
    "营业执照变更登记": "yyzzbgdj",
    "公共场所卫生许可（新证）": "ggcswsxkxz",
    "劳务派遣经营许可": "lwpqjyxk",
    "人力资源服务许可": "rlzyfwxk",
    "用人单位社会保险登记": "yrdwshbxdj",
    "居住证办理": "jzzbl",
    "社会保障卡申领": "shbzksl",
    "城乡居民基本医疗保险参保登记": "cxjmjbylbxcbdj",
    "老年综合津贴（上海市敬老卡）申请": "lnzhjtshsjlksq",
    "失业登记": "sydj",
    "失业保险金申领": "sybxjsl",
    "生育保险待遇（生育津贴）申领": "sybxdysyjtsl",
    "残疾人证申领": "cjrzsl",
    "最低生活保障申请": "zdshbzsq",
    "灵活就业人员社会保险参保登记": "lhjyryshbxcbdj",
    "医保关系转移接续": "ybgxzyjx",
    "职工基本养老保险关系转移接续": "zgjbylbxgxzyjx",
    "异地就医备案": "ydjyba",
    "敬老卡跨省核验（异地居住老人）": "jlkkshyydjzlr",
    "企业跨省迁移登记": "qyksqydj",
    "户口迁移（跨省）": "hkqyks",
    "住房公积金异地转移接续": "zfgjjydzyjx",
    "离世人员社会保险注销（异地亲属办理）": "lsryshbxzxydqsbl",
}


def entries() -> list[dict[str, Any]]:
    source = resources.files("server.demo").joinpath("data", "items.json")
    items: list[dict[str, Any]] = json.loads(source.read_text(encoding="utf-8"))["items"]
    return items


def test_every_item_is_spelt_as_spoken() -> None:
    assert {entry["name"]["zh-CN"]: initials_of(entry["name"]["zh-CN"]) for entry in entries()} == (
        SPOKEN
    )


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("长三角通办", "csjtb"),
        ("长寿路街道", "csljd"),
        ("成长记录", "czjl"),
        ("文化娱乐许可", "whylxk"),
        ("音乐会备案", "yyhba"),
        ("重新申领", "cxsl"),
        ("重要事项", "zysx"),
        ("银行账户", "yhzh"),
        ("IC 卡补办（2 号）", "ickbb2h"),
    ],
)
def test_characters_with_several_readings_follow_their_word(name: str, initials: str) -> None:
    assert initials_of(name) == initials


@given(st.text(max_size=60))
def test_any_name_gives_lower_case_without_spaces(name: str) -> None:
    initials = initials_of(name)
    assert initials == initials.lower()
    assert not any(char.isspace() for char in initials)


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry["code"])
def test_every_item_can_be_shown(entry: dict[str, Any]) -> None:
    item = item_of(entry, 1)
    short, detail = ItemOut.of(item), ItemDetailOut.of(item)
    assert short.model_dump(mode="json", by_alias=True).items() <= (
        detail.model_dump(mode="json", by_alias=True).items()
    )
    assert {paper.code for paper in detail.materials if paper.made_by_form} <= {"application"}
    assert detail.form.example.keys() <= detail.form.form_schema["properties"].keys()


def test_an_entry_without_its_english_name_is_refused() -> None:
    entry = {**entries()[0], "name": {"zh-CN": "只有中文"}}
    with pytest.raises(KeyError):
        item_of(entry, 1)
