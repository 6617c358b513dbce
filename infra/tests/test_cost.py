"""docs/cost.md is what tools/cost says, of quantities that were measured or that the template has."""

import importlib.machinery
import importlib.util
import json
import re
import unittest

from rendered import ROOT, WATCHED, render

loader = importlib.machinery.SourceFileLoader("cost", str(ROOT / "tools" / "cost"))
cost = importlib.util.module_from_spec(importlib.util.spec_from_loader("cost", loader))
loader.exec_module(cost)

DATA = json.loads((ROOT / "docs" / "cost.json").read_text())
PERFORMANCE = (ROOT / "docs" / "performance.md").read_text()


def quantity(table, item):
    (row,) = [row for row in table["rows"] if row["item"].startswith(item)]
    return row["quantity"]


def measured(row, column=1):
    """A figure of docs/performance.md: of the table row that begins so."""
    (line,) = [line for line in PERFORMANCE.splitlines() if line.startswith(f"| {row} |")]
    return float(re.sub(r"[^0-9.]", "", line.split("|")[column + 1].split(",")[0]))


class Cost(unittest.TestCase):
    def test_the_page_is_what_the_script_says(self):
        page = (ROOT / "docs" / "cost.md").read_text()
        self.assertEqual(page, cost.page_with(page, cost.tables(DATA)), "run tools/cost --write")

    def test_sums_are_quantities_times_prices(self):
        prices = {"thing": {"dollars": 0.5, "per": 1000, "unit": "things"}}
        table = {"rows": [{"item": "a", "quantity": 3000, "price": "thing", "from": "measured"}, {"item": "b", "quantity": 500, "price": "thing", "from": "measured"}]}
        self.assertAlmostEqual(cost.total(table, prices), 1.75)
        self.assertEqual(cost.rows_of(table, prices)[2], "| a | 3000 things | measured | 0.50 for 1000 | 1.50 |")

    def test_what_is_said_to_be_measured_is_what_was_measured(self):
        launches, scores = DATA["per_million"]["launches"], DATA["per_million"]["scores"]
        units = [line for line in PERFORMANCE.splitlines() if line.startswith("| write units |")]
        per_launch, per_score = (float(line.split("|")[2]) for line in units)
        self.assertEqual(quantity(launches, "DynamoDB, writes"), per_launch * 1_000_000)
        self.assertEqual(quantity(scores, "DynamoDB, writes"), per_score * 1_000_000)
        reads = [line for line in PERFORMANCE.splitlines() if line.startswith("| DynamoDB reads")]
        self.assertEqual(quantity(scores, "DynamoDB, reads"), float(reads[1].split("|")[2]) * 1_000_000)
        logged = sum(measured(f"{what}, Moodle-sized", 7) for what in ("login", "launch", "redeem"))
        self.assertAlmostEqual(quantity(launches, "Logs, the functions' lines"), logged / 1000, places=3)

    def test_what_is_said_to_be_of_the_template_is_in_it(self):
        rendered = render(WATCHED)
        self.assertEqual(quantity(DATA["monthly"], "Secrets"), len(rendered.of_type("SecretsManager::Secret")))
        alarms = rendered.of_type("CloudWatch::Alarm").values()
        metrics = sum(len([one for one in alarm["Metrics"] if "MetricStat" in one]) if "Metrics" in alarm else 1 for alarm in alarms)
        self.assertEqual(quantity(DATA["monthly"], "Alarms"), metrics)


if __name__ == "__main__":
    unittest.main()
