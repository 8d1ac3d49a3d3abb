"""What is taken out of scripts and styles, and what is not."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from bot.channels import squeeze
from bot.channels.pages import SCRIPTS, WEB, widget


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("// a\nconst one = 1; /* b */\n", "const aa=1;"),
        ('const one = "a // b  c";', 'const aa="a // b  c";'),
        ("const one = (name) => name + +name;", "const aa=(a)=>a+ +a;"),
        (
            "const one = ({ name, other: that = 2 }) => ({ name, that });",
            "const aa=({name:a,other:b=2})=>({name:a,that:b});",
        ),
        ("const one = (name) => `a ${name} ${{ name }.name} b`;", "const aa=(a)=>`a ${a} ${{name:a}.name} b`;"),
        (
            "const one = (name) => ({ name: 1, get: name.name, x: name ? name : 2 });",
            "const aa=(a)=>({name:1,get:a.name,x:a?a:2});",
        ),
        ("const one = (text) => /[/\"']+ x/g.test(text);", "const aa=(a)=>/[/\"']+ x/g.test(a);"),
        (
            "const one = (...all) => two(...all);\nconst two = (all) => all;",
            "const ab=(...a)=>aa(...a);const aa=(a)=>a;",
        ),
        ("class Box {\n  size(of) {\n    return this.size(of);\n  }\n}", "class aa{size(a){return this.size(a)}}"),
        (
            "const one = (list) => {\n  for (const each of list) two(each);\n};",
            "const aa=(a)=>{for(const b of a)two(b)};",
        ),
        ("const one = () => {\n  let late;\n  late = 1;\n  return late;\n};", "const aa=()=>{let a;a=1;return a};"),
    ],
)
def test_scripts(code: str, expected: str) -> None:
    assert squeeze.script(code) == expected


def test_styles() -> None:
    sheet = '/* a */ .a > .b, .c :hover {\n  margin: calc(1em + 2px) 0;\n  content: "x";\n}\n'
    assert squeeze.style(sheet) == '.a>.b,.c :hover{margin:calc(1em + 2px) 0;content:"x"}'


def test_the_widget_is_sound(tmp_path: Path) -> None:
    code = widget()
    for name in ("cacima-assistant", "data-cacima-ask", "connectedCallback", "aria-label"):
        assert name in code
    node = shutil.which("node")
    if node:
        for name, text in [
            ("widget.js", code),
            *((each, squeeze.script((WEB / each).read_text())) for each in SCRIPTS),
        ]:
            (tmp_path / name).write_text(text, encoding="utf-8")
            subprocess.run([node, "--check", str(tmp_path / name)], check=True)
