"""What an instructor does with the dashboard, in a real browser against the real service."""

import gzip
from typing import TYPE_CHECKING
from urllib.parse import urljoin
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from jcode_watcher.events.file import FileDeleted

if TYPE_CHECKING:
    from .conftest import Agent, Open, Service

pytestmark = pytest.mark.browser

STUDENT = "20210001"
INITIAL_JAVASCRIPT_BYTES_MAX = 60_000
FIRST = "#include <stdio.h>\n\nint main(void)\n{\n    return 1;\n}\n"
SECOND = FIRST.replace("return 1", "return 0")


def go(page: Page, place: str) -> None:
    page.goto(urljoin(page.url, f"#/{place}"))
    page.locator("[data-live=live]").wait_for()


def test_a_wrong_token_is_refused_in_words_and_the_right_one_opens(
    open_page: "Open", service: "Service"
) -> None:
    watched = open_page(service)
    watched.pardoned = ("401",)
    watched.page.get_by_label("Reader token").fill("wrong")
    watched.page.get_by_role("button", name="Sign in").click()
    expect(watched.page.get_by_role("alert")).to_contain_text("This token was not accepted")
    watched.page.get_by_label("Reader token").fill(service.token("reader"))
    watched.page.get_by_role("button", name="Sign in").click()
    expect(watched.page.get_by_role("heading", name="Sections")).to_be_visible()


def test_a_reload_stays_signed_in_and_signing_out_does_not(signed_in: "Open", service: "Service") -> None:
    page = signed_in(service).page
    page.reload()
    expect(page.get_by_role("heading", name="Sections")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Reader token")).to_be_visible()


def test_a_session_that_ended_leads_back_to_signing_in(signed_in: "Open", service: "Service") -> None:
    watched = signed_in(service)
    watched.pardoned = ("401",)
    watched.page.context.clear_cookies()
    watched.page.reload()
    expect(watched.page.get_by_text("Your session has ended")).to_be_visible()


def test_a_tile_changes_as_the_student_works(signed_in: "Open", service: "Service", agent: "Agent") -> None:
    agent.saves("main.c", FIRST)
    page = signed_in(service).page
    page.get_by_role("link", name=agent.course).click()
    tile = page.locator(f"[data-student='{STUDENT}']")
    expect(tile).to_contain_text("saved main.c")
    expect(tile).to_contain_text("Active")
    page.locator("[data-live=live]").wait_for()

    page.evaluate("window.stayed = true")
    agent.builds("gcc", "-o", "main", "main.c", exit_code=1)
    expect(tile).to_contain_text("build of main.c failed")
    agent.builds("gcc", "-o", "main", "main.c", exit_code=1)
    expect(tile).to_contain_text("2 failed in a row")
    agent.crashes("./main")
    expect(tile).to_contain_text("main ended by SIGSEGV")
    expect(tile).to_contain_text("Crashed")
    assert page.evaluate("window.stayed") is True
    assert tile.locator("dd").all_inner_texts() == ["1", "2", "2", "1", "1", "0"]


def test_a_student_never_seen_appears_by_itself(
    signed_in: "Open", service: "Service", agent: "Agent"
) -> None:
    page = signed_in(service).page
    go(page, f"{agent.course}-1")
    expect(page.get_by_text("Nobody has worked here yet")).to_be_visible()
    agent.saves("main.c", FIRST)
    expect(page.locator(f"[data-student='{STUDENT}']")).to_contain_text("saved main.c")


def test_the_class_narrows_to_a_condition_and_to_an_assignment(
    signed_in: "Open", service: "Service", agent: "Agent"
) -> None:
    agent.crashes("./main")
    page = signed_in(service).page
    go(page, f"{agent.course}-1")
    tile = page.locator(f"[data-student='{STUDENT}']")
    page.get_by_role("button", name="Idle").click()
    expect(tile).to_be_hidden()
    page.get_by_role("button", name="Crashed").click()
    expect(tile).to_be_visible()
    page.get_by_label("Assignment").select_option("hw1")
    expect(tile).to_be_visible()
    assert page.url.endswith("?only=crashed&assignment=hw1")


def test_the_timeline_tells_command_outcome_and_duration(
    signed_in: "Open", service: "Service", agent: "Agent"
) -> None:
    agent.saves("main.c", FIRST)
    agent.builds("gcc", "-Wall", "-o", "main", "main.c", exit_code=1)
    agent.crashes("./main", "--fast")
    page = signed_in(service).page
    go(page, f"{agent.course}-1")
    page.locator(f"[data-student='{STUDENT}']").click()
    entries = page.locator("ol summary")
    expect(entries).to_have_count(3)
    expect(entries.nth(0)).to_contain_text("Crashed")
    expect(entries.nth(0)).to_contain_text("./main --fast")
    expect(entries.nth(0)).to_contain_text("SIGSEGV")
    expect(entries.nth(1)).to_contain_text("Build failed")
    expect(entries.nth(1)).to_contain_text("gcc -Wall -o main main.c")
    expect(entries.nth(1)).to_contain_text("exit 1")
    expect(entries.nth(1)).to_contain_text("340 ms")
    expect(entries.nth(2)).to_contain_text("editor")
    page.get_by_role("button", name="Oldest first").click()
    expect(entries.nth(0)).to_contain_text("Saved")
    page.get_by_role("button", name="Builds").click()
    expect(entries).to_have_count(1)


def test_the_timeline_grows_while_somebody_looks(
    signed_in: "Open", service: "Service", agent: "Agent"
) -> None:
    page = signed_in(service).page
    go(page, f"{agent.course}-1/{STUDENT}")
    expect(page.get_by_text("Nothing has been seen of this student yet")).to_be_visible()
    agent.saves("main.c", FIRST)
    agent.builds("gcc", "main.c")
    expect(page.locator("ol summary")).to_have_count(2)
    expect(page.locator("aside")).to_contain_text("main.c")


def test_what_was_not_seen_is_told_among_what_was(
    own_service: "Service", signed_in: "Open", agent: "Agent"
) -> None:
    # A gap belongs to a node, and so to every student there: other tests' students must not see it.
    agent.service = own_service
    agent.misses("before_the_student_came")
    agent.saves("main.c", FIRST)
    agent.misses("ring_full")
    page = signed_in(own_service).page
    go(page, f"{agent.course}-1/{STUDENT}")
    entries = page.locator("ol summary")
    expect(entries).to_have_count(2)
    expect(entries.nth(0)).to_contain_text("Gap: something here was not seen")
    expect(entries.nth(0)).to_contain_text("kernel: ring_full")
    agent.misses("queue_overflow")
    expect(entries).to_have_count(3)
    expect(entries.nth(0)).to_contain_text("kernel: queue_overflow")
    page.get_by_role("button", name="Gaps").click()
    expect(entries).to_have_count(2)


def test_a_save_opens_to_what_it_changed(signed_in: "Open", service: "Service", agent: "Agent") -> None:
    agent.saves("main.c", FIRST)
    agent.saves("main.c", SECOND)
    page = signed_in(service).page
    go(page, f"{agent.course}-1/{STUDENT}")
    page.locator("ol summary").first.click()
    difference = page.get_by_role("region", name="Changes of main.c")
    expect(difference.locator("tr.removed")).to_contain_text("return 1;")
    expect(difference.locator("tr.added")).to_contain_text("return 0;")
    expect(difference.locator("tr.added .changed")).to_have_text("0")


def test_a_file_is_stepped_through_by_keyboard(signed_in: "Open", service: "Service", agent: "Agent") -> None:
    agent.saves("main.c", FIRST)
    agent.saves("main.c", SECOND)
    page = signed_in(service).page
    go(page, f"{agent.course}-1/{STUDENT}")
    page.get_by_role("button", name="main.c").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("main.c, version 2 of 2")
    page.keyboard.press("ArrowLeft")
    expect(dialog).to_contain_text("version 1 of 2")
    expect(dialog).to_contain_text("6 lines added")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_the_pages_speak_korean_and_remember_it(
    signed_in: "Open", service: "Service", agent: "Agent"
) -> None:
    agent.builds("gcc", "main.c", exit_code=1)
    page = signed_in(service).page
    go(page, f"{agent.course}-1/{STUDENT}")
    page.get_by_role("button", name="한국어").click()
    expect(page.locator("ol summary")).to_contain_text("빌드 실패")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    page.reload()
    expect(page.locator("ol summary")).to_contain_text("빌드 실패")


def test_a_korean_browser_is_greeted_in_korean(open_page: "Open", service: "Service") -> None:
    expect(open_page(service, language="ko-KR").page.get_by_role("heading", name="로그인")).to_be_visible()


def test_a_page_finds_back_to_a_service_that_was_away(
    own_service: "Service", signed_in: "Open", agent: "Agent"
) -> None:
    agent.service = own_service
    agent.saves("main.c", FIRST)
    watched = signed_in(own_service)
    watched.pardoned = ("ERR_CONNECTION_REFUSED", "failed: ", "WebSocket connection")
    go(watched.page, f"{agent.course}-1/{STUDENT}")
    expect(watched.page.locator("ol summary")).to_have_count(1)
    own_service.stop()
    expect(watched.page.locator("[data-live=waiting]")).to_be_visible()
    own_service.start()
    agent.saves("main.c", SECOND)
    expect(watched.page.locator("[data-live=live]")).to_be_visible(timeout=20_000)
    expect(watched.page.locator("ol summary")).to_have_count(2)


def test_what_came_too_fast_for_the_browser_is_read_anew(
    forgetful_service: "Service", signed_in: "Open", agent: "Agent"
) -> None:
    agent.service = forgetful_service
    page = signed_in(forgetful_service).page
    go(page, f"{agent.course}-1/{STUDENT}")
    agent.post(*((agent.next_moment(), FileDeleted(path=f"{n}.c")) for n in range(40)))
    expect(page.get_by_text("came too fast for this browser")).to_be_visible()
    expect(page.locator("ol summary")).to_have_count(40)


def test_a_tile_is_reached_and_opened_by_keyboard(
    signed_in: "Open", service: "Service", agent: "Agent"
) -> None:
    agent.saves("main.c", FIRST)
    page = signed_in(service).page
    go(page, f"{agent.course}-1")
    page.locator(f"[data-student='{STUDENT}']").wait_for()
    page.get_by_label("Order").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=STUDENT)).to_be_visible()


def test_a_narrow_screen_needs_no_sideways_scrolling(
    signed_in: "Open", service: "Service", agent: "Agent"
) -> None:
    agent.saves("src/a/rather/long/path/to/a/source/file/of/this/assignment.c", FIRST)
    agent.builds("gcc", "-Wall", "-Wextra", "-O2", "-o", "main", "main.c", exit_code=1)
    page = signed_in(service, width=360).page
    for place in ("", f"{agent.course}-1", f"{agent.course}-1/{STUDENT}"):
        page.goto(urljoin(page.url, f"#/{place}"))
        page.locator("main h1").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, place


def test_the_first_page_needs_little_javascript(open_page: "Open", service: "Service") -> None:
    page = open_page(service).page
    names = page.evaluate("performance.getEntriesByType('resource').map((resource) => resource.name)")
    sizes = {name: compressed_size(name) for name in names if name.endswith(".js")}
    assert sizes
    assert sum(sizes.values()) <= INITIAL_JAVASCRIPT_BYTES_MAX, sizes


def compressed_size(address: str) -> int:
    with urlopen(address) as response:
        return len(gzip.compress(response.read()))
