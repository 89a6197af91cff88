"""Opens an HTML page in Chromium at several widths and checks what a reader would stumble over.

    python3 tools/page_check.py report.html [--width 390]... [--picture FOLDER]

For each width: no script error, no request for anything outside the file, nothing wider than the window, no text that says
`undefined`, `NaN` or `null`. Prints one line a width; exit code 1 when one fails. `--picture` also writes screenshots.

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import base64
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from house.browser import Browser, BrowserError  # noqa: E402

WIDTHS = (390, 768, 1440)  # Phone, tablet, desktop.
# Elements that reach beyond the window without a scrolling box of their own around them.
TOO_WIDE = """
(() => {
  const wide = [], width = document.documentElement.clientWidth;
  for (const element of document.body.querySelectorAll('*')) {
    if (element.getBoundingClientRect().right <= width + 1) continue;
    let box = element.parentElement, scrolls = element.ownerSVGElement != null;
    while (box && !scrolls) {
      scrolls = getComputedStyle(box).overflowX !== 'visible' && box.getBoundingClientRect().right <= width + 1;
      box = box.parentElement;
    }
    if (!scrolls) wide.push(element.tagName.toLowerCase() + (element.id ? '#' + element.id : ''));
  }
  return document.documentElement.scrollWidth > width + 1 ? [...new Set(wide)].slice(0, 5).concat('page') : [];
})()
"""
BROKEN_WORDS = r"(document.body.innerText.match(/\b(undefined|NaN|null|\[object Object\])\b/g) || [])"


def check_width(browser, page, width, pictures):
    """What is wrong at this width, in words; empty when nothing is."""
    browser.open(page.resolve().as_uri(), width)
    wrong = [f"asks for {address}" for address in browser.requests()]
    wrong += [f"says on its console: {text}" for text in browser.complaints()]
    wrong += [f"<{name}> is wider than the window" for name in browser.evaluate(TOO_WIDE)]
    wrong += [f"shows '{word}'" for word in sorted(set(browser.evaluate(BROKEN_WORDS)))]
    if browser.evaluate("document.documentElement.clientWidth") > width:
        wrong.append("is laid out wider than a phone (no viewport line)")
    if not browser.evaluate("document.title"):
        wrong.append("has no title")
    if pictures:
        shot = browser.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        (pictures / f"{page.stem}-{width}.png").write_bytes(base64.b64decode(shot["data"]))
    return wrong


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Checks a page in Chromium.")
    parser.add_argument("page", type=Path)
    parser.add_argument("--width", type=int, action="append", help="window widths; default 390, 768 and 1440")
    parser.add_argument("--picture", type=Path, help="folder for screenshots")
    options = parser.parse_args(arguments)
    if not options.page.is_file():
        print(f"page_check: no file {options.page}")
        return 1
    failed = False
    try:
        with Browser() as browser:
            for width in options.width or WIDTHS:
                wrong = check_width(browser, options.page, width, options.picture)
                failed = failed or bool(wrong)
                print(f"{width} px: " + ("; ".join(wrong) or "in order"))
    except (BrowserError, FileNotFoundError) as error:
        print(f"page_check: {error}")
        return 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
