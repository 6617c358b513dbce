"""tools/sbom names exactly the crates of a function's program, the same each time."""

import json
import subprocess
import tomllib
import unittest

from rendered import ROOT

TARGET = "aarch64-unknown-linux-gnu"
FUNCTION = "launch"


def crates_of_the_program():
    """What cargo says, as a plain list: no test's, no build script's, no procedural macro."""
    tree = ["cargo", "tree", "--locked", "--package", f"doorway-{FUNCTION}", "--target", TARGET]
    shown = subprocess.run(
        [*tree, "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return {tuple(line.split()[:2]) for line in shown.stdout.splitlines() if line}


class BillOfMaterials(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        said = subprocess.run([ROOT / "tools" / "sbom", FUNCTION], capture_output=True, text=True)
        assert said.returncode == 0, said.stderr
        cls.bill = json.loads((ROOT / "target" / "lambda" / f"{FUNCTION}.cdx.json").read_text())
        cls.crates = [cls.bill["metadata"]["component"], *cls.bill["components"]]

    def test_it_names_exactly_the_crates_of_the_program(self):
        named = {(one["name"], f"v{one['version']}") for one in self.crates}
        self.assertEqual(named, crates_of_the_program())
        self.assertEqual(len(named), len(self.crates))
        names = {one["name"] for one in self.crates}
        self.assertLessEqual({"doorway-launch", "doorway-lti", "aws-lc-rs", "jsonwebtoken", "rustls"}, names)
        self.assertFalse({"proptest", "dynoxide-rs", "doorway-local", "doorway-scores", "serde_derive", "cc", "ring"} & names)

    def test_every_crate_of_others_has_the_checksum_of_the_lock_file_and_a_licence(self):
        locked = tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]
        checksums = {(one["name"], one["version"]): one.get("checksum") for one in locked}
        for one in self.crates:
            checksum = checksums[one["name"], one["version"]]
            self.assertEqual([each["content"] for each in one.get("hashes", [])], [checksum] if checksum else [], one["name"])
            self.assertEqual("purl" in one, checksum is not None, one["name"])
            self.assertTrue(one["licenses"], one["name"])

    def test_it_tells_who_needs_whom(self):
        needs = {one["ref"]: one.get("dependsOn", []) for one in self.bill["dependencies"]}
        self.assertEqual(set(needs), {one["bom-ref"] for one in self.crates})
        (core,) = [ref for ref in needs if ref.startswith("doorway-core@")]
        self.assertTrue(any(ref.startswith("doorway-lti@") for ref in needs[core]))

    def test_it_holds_no_time_and_no_path_of_this_machine(self):
        text = json.dumps(self.bill)
        self.assertNotIn("timestamp", text)
        self.assertNotIn("file:", text)
        self.assertNotIn(str(ROOT), text)


if __name__ == "__main__":
    unittest.main()
