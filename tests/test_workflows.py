"""The workflows hold to their rules: least rights, pinned actions, no logic, no text from outside in a script."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
import yaml

from jobs.__main__ import VERBS, parser

ROOT = Path(__file__).parent.parent
WORKFLOWS = {path.stem: path for path in sorted((ROOT / ".github/workflows").iterdir())}
GUIDE = (ROOT / ".github/MAINTAINERS.md").read_text(encoding="utf-8")

RIGHTS: Final = {
    "ci": {
        "check": {"contents": "read"},
        "changes": {"contents": "read"},
        "tests": {"contents": "read"},
    },
    "publish": {
        "build": {"contents": "read"},
        "verify": {"contents": "read"},
        "tests": {"contents": "read"},
        "attest": {"id-token": "write", "attestations": "write"},
        "publish": {"contents": "write"},
        "settle": {"contents": "write"},
        "site": {"contents": "read"},
        "pages": {"pages": "write", "id-token": "write"},
    },
    "watchdog": {
        "watch": {"contents": "read", "attestations": "read"},
        "report": {"contents": "read", "issues": "write"},
        "awake": {"actions": "write"},
    },
}
"""Every right that any job has. Whoever adds one has to say so here."""

FEW: Final = {
    "settle": ["actions/checkout", "make .venv/run/ready", ".venv/run/bin/python -m jobs publish"],
    "attest": ["actions/download-artifact", "actions/attest"],
    "pages": ["actions/deploy-pages"],
    "report": ["actions/checkout", "actions/download-artifact", "python3 -m jobs report"],
    "awake": ["gh api", "gh api"],
}
"""All that jobs with rights do, except for the one that publishes."""

JOBS: Final = ".venv/run/bin/python -m jobs "
"""How a step calls a verb: from the checkout, with nothing installed but what releases are made with."""


class Step(NamedTuple):
    """A step of a job of a workflow."""

    workflow: str
    job: str
    step: dict[str, Any]

    @property
    def run(self) -> str:
        return str(self.step.get("run", ""))

    @property
    def action(self) -> str:
        return str(self.step.get("uses", ""))


def loaded(name: str) -> dict[str, Any]:
    """A workflow; every scalar is a text, also the key `on`."""
    workflow = yaml.load(WORKFLOWS[name].read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert isinstance(workflow, dict)
    return workflow


def all_jobs() -> list[tuple[str, str, dict[str, Any]]]:
    return [(name, job, about) for name in WORKFLOWS for job, about in loaded(name)["jobs"].items()]


def steps() -> list[Step]:
    return [Step(name, job, step) for name, job, about in all_jobs() for step in about["steps"]]


def texts(node: object) -> Iterator[str]:
    """All keys and values in a tree."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield str(key)
            yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)
    else:
        yield str(node)


def test_there_are_three_and_nothing_else() -> None:
    assert {path.name for path in WORKFLOWS.values()} == {"ci.yml", "publish.yml", "watchdog.yml"}


# rights


@pytest.mark.parametrize("name", WORKFLOWS)
def test_no_right_is_given_to_all_jobs_and_each_has_the_listed_ones(name: str) -> None:
    workflow = loaded(name)
    assert workflow["permissions"] == {}
    assert {job: about["permissions"] for job, about in workflow["jobs"].items()} == RIGHTS[name]


def test_what_starts_them() -> None:
    assert loaded("ci")["on"] == {"pull_request": ""}
    on = {name: loaded(name)["on"] for name in ("publish", "watchdog")}
    assert set(on["publish"]) == {"push", "schedule", "workflow_dispatch"}
    assert on["publish"]["push"] == {"branches": ["main"]}
    assert set(on["watchdog"]) == {"schedule", "workflow_dispatch"}
    assert on["watchdog"]["workflow_dispatch"] == ""
    assert {given["type"] for given in on["publish"]["workflow_dispatch"]["inputs"].values()} == {"choice"}
    minutes = [entry["cron"].split()[0] for triggers in on.values() for entry in triggers["schedule"]]
    assert len(set(minutes)) == len(minutes)
    assert all(int(minute) % 2 and int(minute) % 5 for minute in minutes), "full and half hours are when cron is late"


def test_strangers_code_has_no_secret_and_no_token_that_writes() -> None:
    assert all("write" not in about["permissions"].values() for name, _, about in all_jobs() if name == "ci")
    for name in WORKFLOWS:
        assert not [text for text in texts(loaded(name)) if "secrets." in text or text == "secrets"]


def test_a_token_is_given_to_single_steps_only() -> None:
    for name in WORKFLOWS:
        workflow = loaded(name)
        assert "github.token" not in str(workflow["env"])
        assert all("env" not in about for about in workflow["jobs"].values())
    for step in steps():
        if "github.token" in str(step.step):
            env = step.step["env"]
            assert [name for name, text in env.items() if "github.token" in text] in (["GITHUB_TOKEN"], ["GH_TOKEN"])
            assert not step.action
            assert step.run.startswith((JOBS, "python3 -m jobs ", "gh ")), step.run


def test_what_writes_does_little() -> None:
    writing = {(n, j): a for n, j, a in all_jobs() if "write" in a["permissions"].values()}
    assert {job for _, job in writing} == {*FEW, "publish"}
    for (_, job), about in writing.items():
        did = [step.get("uses", "").partition("@")[0] or step["run"] for step in about["steps"]]
        if job in FEW:
            assert len(did) == len(FEW[job])
            assert all(done.startswith(due) for done, due in zip(did, FEW[job], strict=True))
    published = [
        step.get("uses", "").partition("@")[0] or step["run"] for step in writing["publish", "publish"]["steps"]
    ]
    assert published[:3] == ["actions/checkout", "make .venv/run/ready", "actions/download-artifact"]
    assert all(run.startswith(f"{JOBS}publish ") for run in published[3:])


def test_what_publishes_comes_from_main_alone_and_after_all_proofs() -> None:
    jobs = loaded("publish")["jobs"]
    assert jobs["build"]["if"] == "${{ github.ref == 'refs/heads/main' }}"
    assert jobs["verify"]["needs"] == jobs["tests"]["needs"] == "build"
    assert jobs["attest"]["needs"] == ["build", "verify", "tests"]
    assert jobs["publish"]["needs"] == ["build", "attest"]
    assert jobs["publish"]["environment"] == "publish"
    assert "if" not in jobs["attest"]
    assert "if" not in jobs["publish"], "a condition of its own could let it run after a failure"
    assert (jobs["settle"]["needs"], jobs["settle"]["environment"]) == ("build", "publish")
    assert jobs["settle"]["if"] == "${{ needs.build.outputs.candidate == '' }}"
    assert "needs.build.result == 'success'" in jobs["site"]["if"]
    assert "needs.site.result == 'success'" in jobs["pages"]["if"]


def test_a_scheduled_run_publishes_no_major() -> None:
    runs = {step.step["if"]: step.run for step in steps() if "jobs publish" in step.run and step.job == "publish"}
    assert set(runs) == {"${{ github.event_name != 'schedule' }}", "${{ github.event_name == 'schedule' }}"}
    assert "--scheduled" in shlex.split(runs["${{ github.event_name == 'schedule' }}"])
    (settling,) = [shlex.split(step.run) for step in steps() if step.job == "settle" and "jobs publish" in step.run]
    assert "--settle" in settling, "publishes nothing"
    assert "--candidate" not in settling


def test_what_waits_is_told_by_the_watchdog() -> None:
    """A scheduled run that leaves a MAJOR to a person is no failed run: nobody would look at one that fails daily."""
    runs = [step.run for step in steps() if step.workflow == "watchdog" and step.run.startswith(JOBS)]
    assert [run.split()[3] for run in runs] == ["build", "watch"]
    assert "--out dist/next " in runs[0]
    assert "--next dist/next " in runs[1]


def test_who_made_the_latest_release_is_asked_to_the_branch() -> None:
    """Whoever may push another branch could have it sign there, with a workflow of the same name."""
    (run,) = [step.run for step in steps() if "gh attestation verify" in step.run]
    for option in ('--signer-workflow "$WORKFLOW"', "--source-ref refs/heads/main"):
        assert option in run
    assert "--source-ref refs/heads/main" in GUIDE


def test_what_is_handed_on_is_named_by_its_number() -> None:
    """By its name it could be swapped by another job of the run, which the tests of others have hold of."""
    for step in steps():
        if step.action.startswith("actions/download-artifact@") and step.workflow == "publish":
            assert step.step["with"]["artifact-ids"] == "${{ needs.build.outputs.candidate }}"
            assert {"name", "pattern"}.isdisjoint(step.step["with"])


# how they run


def test_runs_that_publish_wait_for_each_other_and_are_never_cancelled() -> None:
    assert loaded("publish")["concurrency"] == {"group": "publish", "cancel-in-progress": "false", "queue": "max"}
    assert loaded("watchdog")["concurrency"] == {"group": "watchdog", "cancel-in-progress": "false"}
    assert loaded("ci")["concurrency"]["cancel-in-progress"] == "true"


@pytest.mark.parametrize(
    ("name", "job", "about"), all_jobs(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_job_is_named_bounded_and_of_one_system(name: str, job: str, about: dict[str, Any]) -> None:
    assert about["runs-on"] == "ubuntu-24.04"
    assert 0 < int(about["timeout-minutes"]) <= 60
    assert about["name"]
    assert all(step["name"] for step in about["steps"])
    assert {"container", "services", "secrets", "uses", "strategy", "continue-on-error"}.isdisjoint(about)


def test_nothing_is_cached_and_nothing_installed_but_by_the_lock() -> None:
    for name in WORKFLOWS:
        assert loaded(name)["env"] == {"PIP_ONLY_BINARY": ":all:"}
        assert not [text for text in texts(loaded(name)) if "cache" in text.lower()]
    for step in steps():
        assert not re.search(r"\b(pip|pipx|uv|uvx|npm|npx|curl|wget|apt|apt-get|docker)\b", step.run), step.run
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = makefile.partition("\n.venv/ready: ")[2].partition("\n\n")[0]
    installs = [line for line in recipe.splitlines() if "pip install" in line]
    assert len(installs) == 2
    assert "--require-hashes --no-deps -r requirements.lock" in installs[0]
    assert "--no-build-isolation --no-deps --editable ." in installs[1]
    recipe = makefile.partition("\n.venv/run/ready: requirements-run.lock")[2].partition("\n\n")[0]
    (install,) = [line for line in recipe.splitlines() if "pip install" in line]
    assert install.endswith(" --require-hashes --no-deps -r requirements-run.lock")


def test_only_tests_install_what_only_tests_need() -> None:
    installing = {(s.workflow, s.job): s.run for s in steps() if s.run.startswith("make ") or s.run == ".ci/run"}
    assert {run for (_, job), run in installing.items() if job != "tests"} == {"make .venv/run/ready"}
    assert {run for (_, job), run in installing.items() if job == "tests"} == {".ci/run"}


def locked(name: str) -> dict[str, str]:
    """A lock file: each `package==version ; marker` with the hashes of its files."""
    parts = re.split(r"^(?=\S)", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {part.partition(" \\\n")[0]: part.partition(" \\\n")[2].strip() for part in parts if part}


def test_what_publishes_is_locked_as_what_is_tested() -> None:
    run, everything = locked("requirements-run.lock"), locked("requirements.lock")
    assert run.items() <= everything.items(), "run `make lock`"
    assert len(run) < len(everything) / 2
    for line, hashes in everything.items():
        assert re.fullmatch(r"[a-z0-9-]+==[0-9][a-z0-9.+!]*( ; [^/@]+)?", line), line
        assert re.fullmatch(r"(--hash=sha256:[0-9a-f]{64}(\s+\\\s+)?)+", hashes), line
    with (ROOT / "pyproject.toml").open("rb") as file:
        about = tomllib.load(file)
    names = {line.partition("==")[0] for line in run}
    wanted = {re.split(r"[\[><=]", each)[0] for each in about["project"]["dependencies"]}
    tools = {re.split(r"[\[><=]", each)[0] for group in about["dependency-groups"].values() for each in group}
    assert wanted <= names
    assert not (tools - {"jsonschema"}) & names  # which altair needs, too


# actions


def test_actions_are_few_and_pinned_by_their_full_hash_with_the_version_beside() -> None:
    pins: dict[str, set[str]] = {}
    for path in WORKFLOWS.values():
        for line in path.read_text(encoding="utf-8").splitlines():
            if "uses:" in line:
                match = re.fullmatch(r" +uses: (actions/[a-z-]+)@([0-9a-f]{40}) # v([0-9]+\.[0-9]+\.[0-9]+)", line)
                assert match, line
                pins.setdefault(match[1], set()).add(f"{match[2]} {match[3]}")
    assert all(len(found) == 1 for found in pins.values()), "the same version everywhere"
    assert set(pins) == {
        f"actions/{name}"
        for name in (
            *("checkout", "upload-artifact", "download-artifact"),
            *("attest", "upload-pages-artifact", "deploy-pages"),
        )
    }


def test_a_checkout_leaves_no_token_behind() -> None:
    found = [step for step in steps() if step.action.startswith("actions/checkout@")]
    assert found
    assert all(step.step["with"] == {"persist-credentials": "false"} for step in found)


# no logic


RUNS = sorted({step.run for step in steps() if step.run})


@pytest.mark.parametrize("run", RUNS)
def test_a_step_is_one_short_command_without_texts_from_outside(run: str) -> None:
    assert "${{" not in run
    assert "\n" not in run
    assert len(run) <= 150
    assert not re.search(r"[;&|`]|\$\(|\b(if|for|while|case|eval)\b", run)
    for word in re.findall(r"\S*\$\S*", run):
        assert re.fullmatch(r'"[^"]*"', word), f"{word} stands without quotes"
    assert run.split()[0] in (JOBS.split()[0], "python3", "make", ".ci/run", "diff", "cat", "gh")


@pytest.mark.parametrize("run", [run for run in RUNS if " -m jobs " in run])
def test_a_step_calls_a_verb_as_it_is(run: str) -> None:
    words = shlex.split(
        run.replace("$GITHUB_REPOSITORY", "owner/repository").replace("$BUMP", "PATCH").replace("$ADDRESS", "")
    )
    start = words.index("jobs") + 1
    ends = [number for number, word in enumerate(words) if word in (">", ">>", "||")]
    arguments = words[start : min(ends, default=len(words))]
    assert arguments[0] in VERBS
    assert parser(arguments[0]).parse_args(arguments).verb == arguments[0]


def test_a_step_calls_a_target_that_there_is() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = {run.split()[1] for run in RUNS if run.startswith("make ")}
    assert targets
    assert all(f"\n{target}: " in makefile for target in targets)


def test_the_linters_of_workflows_are_part_of_make_lint() -> None:
    lint = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\nlint: ")[2].partition("\n\n")[0]
    assert "zizmor --quiet --offline --strict-collection --persona=pedantic .github/workflows" in lint
    assert "check_jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml" in lint
    assert "zizmor: ignore" not in "".join(path.read_text(encoding="utf-8") for path in WORKFLOWS.values())


# the guide


def test_the_guide_names_what_there_is() -> None:
    for name, job, about in all_jobs():
        assert f"`{name}`" in GUIDE
        environment = about.get("environment", "")
        named = environment["name"] if isinstance(environment, dict) else environment
        assert not named or f"`{named}`" in GUIDE, f"{job} needs an environment that the guide does not name"
    for verb in set(re.findall(r"`openpeel ([a-z]+)", GUIDE)):
        assert verb in VERBS
    for run in re.findall(r"^\.venv/bin/openpeel (.*)$", GUIDE, flags=re.MULTILINE):
        arguments = shlex.split(run)
        assert parser(arguments[0]).parse_args(arguments).verb == arguments[0], run
