"""The texts of the sample plans come apart into their parts with no word lost, and their wrapped lines join again."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_docs.build import SAMPLES, Sample, long_plan, read_plan, seeds, typeset
from sample_docs.build.seeds import BROKEN_AT_HYPHEN, NATIONAL, parse_plan, plain, rejoin, words

CASES = [
    pytest.param(["- Phối hợp với các đơn vị liên", "quan thực hiện."], 1, id="a wrapped line"),
    pytest.param(["phát triển kinh tế ", "- xã hội của phường."], 1, id="the dash of a pair is no bullet"),
    pytest.param(["Thực hiện đúng thời hạn quy định;", "Thực hiện niêm yết công khai."], 2, id="no labels"),
    pytest.param(
        ["được sự quan tâm, ủng hộ tích cực của các tầng lớp", "Nhân dân."], 1, id="a capital inside a sentence"
    ),
    pytest.param(["V. KINH PHÍ", "Kinh phí được bố trí từ ngân sách phường."], 2, id="text after a part's heading"),
    pytest.param(
        ["a) Nội dung", "Công khai những nội dung mà pháp luật không cấm, gồm các nội dung:"], 2, id="short"
    ),
    pytest.param(["cung cấp dịch vụ công trực tuyến mức độ", "3, mức độ 4."], 1, id="a number that labels nothing"),
    pytest.param(["(1) Nội quy tiếp công dân;", "(2) Quy chế dân chủ."], 2, id="numbers in parentheses"),
    pytest.param(["Trong năm:", "2.Trong tháng 4:", "+ Xong.", "d. Văn hóa."], 4, id="labels of every kind"),
]


@pytest.mark.parametrize(("lines", "count"), CASES)
def test_wrapped_lines_become_paragraphs(lines: list[str], count: int) -> None:
    assert len(rejoin(lines)) == count


def test_a_number_broken_at_its_hyphen_is_whole_again() -> None:
    assert rejoin(["Công văn số 6217/SNV-XDCQ-", "CTTN ngày 15/8/2025."]) == [
        "Công văn số 6217/SNV-XDCQ-CTTN ngày 15/8/2025."
    ]


LINE = st.text(st.sampled_from("aăđưÊ12 -+.;:()IV"), min_size=1).map(str.strip).filter(bool)


@given(st.lists(LINE.filter(lambda line: not BROKEN_AT_HYPHEN.search(line)), min_size=1))
def test_joining_loses_and_moves_no_word(lines: list[str]) -> None:
    assert " ".join(rejoin(lines)).split() == " ".join(lines).split()


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=lambda sample: sample.name)
def test_the_parts_of_a_plan_are_all_its_words(sample: Sample) -> None:
    expected = "".join(words(sample.text_file.read_text(encoding="utf-8")))
    letterhead = "".join((*sample.issuer, *NATIONAL)).replace(" ", "")
    got = "".join(plain("".join(read_plan(sample).parts)).split())
    assert got == expected.removeprefix(letterhead)


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=lambda sample: sample.name)
def test_no_paragraph_of_a_plan_begins_inside_a_sentence(sample: Sample) -> None:
    starts = [plain(text) for text in read_plan(sample).body]
    assert [text for text in starts if text[0].islower() and text[1] not in ").'"] == []


def test_a_text_without_recipients_is_refused() -> None:
    with pytest.raises(ValueError, match="no recipients"):
        parse_plan(SAMPLES["000_le_chan"], "KẾ HOẠCH\nXây dựng mô hình\nI. MỤC ĐÍCH")


@pytest.mark.parametrize("wanted", [60, 123, 700])
def test_a_long_plan_grows_to_the_length_asked_and_numbers_on(wanted: int) -> None:
    body = read_plan(SAMPLES[long_plan.MODEL]).body
    grown = [plain(text) for text in long_plan.lengthen(body, wanted)]
    assert len(grown) == wanted
    assert [text for text in grown if text.startswith(("I. ", "II. ", "III. "))] == [
        "I. MỤC ĐÍCH, YÊU CẦU", "II. NỘI DUNG", "III. TỔ CHỨC THỰC HIỆN",
    ]  # fmt: skip
    last_part = grown[grown.index("III. TỔ CHỨC THỰC HIỆN") :]
    numbers = [int(text.split(".")[0]) for text in last_part if text[0].isdigit()]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("module", [seeds, typeset, long_plan], ids=lambda module: module.__name__)
def test_examples_in_docstrings(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted
    assert not result.failed
