"""The scripts of `infra`, with stand-ins for cargo, sam and aws that write down what they were asked."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from rendered import ROOT

# The beginning of an ELF file, as far as the processor that it is for.
ARM64 = bytes([0x7F, *b"ELF", 2, 1, 1]) + bytes(11) + bytes([0xB7, 0])
X86_64 = ARM64[:18] + bytes([0x3E, 0])
FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/Cargo.toml"))


class Scripts(unittest.TestCase):
    def setUp(self):
        self.home = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        shutil.copytree(ROOT / "infra", self.home / "infra", ignore=shutil.ignore_patterns(".aws-sam", "__pycache__"))
        for function in FUNCTIONS:
            (self.home / "functions" / function).mkdir(parents=True)
            (self.home / "functions" / function / "Cargo.toml").touch()
        self.run_in_home("git", "init", "--quiet")
        self.run_in_home("git", "add", ".")
        self.commit()
        (self.home / "libdir").mkdir()
        self.stand_in("sam", "")
        self.stand_in("rustc", f"echo {self.home}/libdir")
        self.stand_in("cargo", f'case "$*" in "lambda build"*) for f in {" ".join(FUNCTIONS)}; do case " $* " in *" doorway-$f "*) '
                               'mkdir -p target/lambda/$f; cp binary target/lambda/$f/bootstrap ;; esac; done ;; esac')
        self.stand_in("aws", 'case "$*" in *get-alias*) echo 7 ;; *list-versions*) printf \'$LATEST\\t2\\t6\\t7\\t9\\t10\\n\' ;; esac')
        (self.home / "binary").write_bytes(ARM64)

    def commit(self):
        who = ("-c", "user.name=t", "-c", "user.email=t@example.com")
        self.run_in_home("git", *who, "commit", "--quiet", "--allow-empty", "-m", "a commit")

    def run_in_home(self, *command):
        environment = {"PATH": f"{self.home}/bin:/usr/local/bin:/usr/bin:/bin", "HOME": str(self.home)}
        return subprocess.run(command, cwd=self.home, env=environment, capture_output=True, text=True, timeout=60)

    def stand_in(self, name, script):
        program = self.home / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f'#!/bin/bash\nprintf \'%s\\n\' "{name} $*" >>{self.home}/asked\n{script}\n')
        program.chmod(0o755)

    def asked(self, of):
        """What a stand-in was asked since the last time."""
        file = self.home / "asked"
        lines = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return [line for line in lines if line.startswith(of)]

    def succeeds(self, *command):
        done = self.run_in_home(*command)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def fails(self, saying, *command):
        done = self.run_in_home(*command)
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertIn(saying, done.stderr)

    def test_all_functions_are_built_in_one_run(self):
        self.succeeds("infra/build")
        (build,) = self.asked("cargo lambda build")
        self.assertIn("--release --arm64 --locked", build)
        self.assertEqual(re.findall(r"--package doorway-(\S+)", build), FUNCTIONS)
        self.succeeds("infra/build", "jwks")
        self.assertEqual(re.findall(r"--package doorway-(\S+)", self.asked("cargo lambda build")[0]), ["jwks"])

    def test_a_deployment_is_of_a_stage_with_its_parameters_and_a_revision(self):
        self.succeeds("infra/build")
        self.succeeds("infra/deploy", "production")
        (deploy,) = self.asked("sam deploy")
        self.assertIn("--config-env production --parameter-overrides file://parameters/production.yaml Revision=", deploy)
        self.assertNotIn("TrafficShift", deploy)
        self.succeeds("infra/deploy", "dev", "--at-once", "--", "--no-confirm-changeset")
        (deploy,) = self.asked("sam deploy")
        self.assertTrue(deploy.endswith(" TrafficShift=AllAtOnce --no-confirm-changeset"), deploy)

    def test_the_revision_changes_with_the_commit_the_template_and_the_parameters_of_the_stage(self):
        self.succeeds("infra/build")

        def revision(stage):
            self.succeeds("infra/deploy", stage)
            found = re.search(r"Revision=(\S+)", self.asked("sam deploy")[0])[1]
            self.assertRegex(found, r"^[A-Za-z0-9._-]{1,60}$")
            return found

        seen = [revision("dev")]
        self.assertEqual(revision("dev"), seen[0])
        self.commit()
        seen.append(revision("dev"))
        for file in ("infra/parameters/dev.yaml", "infra/template.yaml"):
            with open(self.home / file, "a") as one:
                one.write("# a change\n")
            seen.append(revision("dev"))
        self.assertEqual(len(set(seen)), 4, seen)

    def test_nothing_is_deployed_that_was_not_built_for_arm64(self):
        self.fails("deep-link/bootstrap is missing", "infra/deploy", "dev")
        (self.home / "binary").write_bytes(X86_64)
        self.fails("is not for arm64", "infra/build")
        self.fails("is not for arm64", "infra/deploy", "dev")
        self.assertEqual(self.asked("sam"), [])

    def test_a_hot_fix_moves_the_alias_and_says_how_to_go_back(self):
        said = self.succeeds("infra/hot-fix", "production", "launch")
        asked = self.asked("")
        self.assertIn("cargo lambda deploy --alias live --binary-name launch doorway-production-launch", asked)
        self.assertIn("infra/rollback production launch 7", said)
        self.assertEqual(len([line for line in asked if "lambda build" in line]), 1)

    def test_a_rollback_goes_to_the_version_before_the_one_in_use(self):
        self.succeeds("infra/rollback", "production", "launch")
        (moved,) = self.asked("aws lambda update-alias")
        self.assertIn("--function-name doorway-production-launch --name live --function-version 6 ", moved)
        self.succeeds("infra/rollback", "production", "launch", "2")
        self.assertIn("--function-version 2 ", self.asked("aws lambda update-alias")[0])
        self.succeeds("infra/rollback", "staging", "all")
        self.assertEqual(len(self.asked("aws lambda update-alias")), len(FUNCTIONS))

    def test_a_rollback_without_an_older_version_changes_nothing(self):
        self.stand_in("aws", 'case "$*" in *get-alias*) echo 1 ;; *list-versions*) printf \'$LATEST\\t1\\n\' ;; esac')
        self.fails("has no version before 1", "infra/rollback", "dev", "all")
        self.assertEqual(self.asked("aws lambda update-alias"), [])

    def test_with_dry_nothing_is_changed(self):
        for command in (("deploy", "dev", "--dry"), ("hot-fix", "dev", "jwks", "--dry"), ("rollback", "dev", "jwks", "3", "--dry")):
            self.succeeds(f"infra/{command[0]}", *command[1:])
        self.assertEqual([line for line in self.asked("") if "deploy" in line or "update" in line], [])

    def test_a_word_that_is_no_stage_function_or_option_is_told(self):
        self.fails("there is no stage `prod`", "infra/deploy", "prod")
        self.fails("there is no function `lunch`", "infra/hot-fix", "dev", "lunch")
        self.fails("`--fast` is no option", "infra/deploy", "dev", "--fast")
        self.fails("`six` is no version", "infra/rollback", "dev", "launch", "six")

    def test_a_stage_with_a_profile_is_asked_as_that_profile(self):
        config = self.home / "infra" / "samconfig.toml"
        config.write_text(config.read_text().replace('stack_name = "doorway-dev"', 'stack_name = "doorway-dev"\nprofile = "devs"'))
        self.stand_in("aws", f'echo "$AWS_PROFILE" >>{self.home}/profile; echo 7')
        self.succeeds("infra/rollback", "dev", "launch", "3")
        self.assertEqual((self.home / "profile").read_text(), "devs\n")

    def test_cargo_lambda_knows_the_options_of_a_hot_fix(self):
        """The real one, which packs a binary and sends nothing. It leaves memory and tracing to the template."""
        tools = ROOT / ".tools" / "python" / "bin"
        cargo = shutil.which("cargo")
        (self.home / "bin" / "cargo").unlink()
        folder = self.home / "target" / "lambda" / "launch"
        folder.mkdir(parents=True)
        shutil.copy(shutil.which("true"), folder / "bootstrap")
        shutil.copy(ROOT / "Cargo.toml", self.home / "Cargo.toml")
        command = [str(tools / "cargo-lambda"), "lambda", "deploy", "--dry", "--alias", "live", "--binary-name", "launch",
                   "--lambda-dir", str(self.home / "target" / "lambda"), "--manifest-path", str(ROOT / "Cargo.toml"), "doorway-dev-launch"]
        environment = os.environ | {"AWS_REGION": "eu-central-1", "PATH": f"{pathlib.Path(cargo).parent}:{os.environ['PATH']}"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for said in ("  - bootstrap", "memory: None", "timeout: None", "tracing: None", "role: None", "env_options: {}"):
            self.assertIn(said, done.stdout)


if __name__ == "__main__":
    unittest.main()
