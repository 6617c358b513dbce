//! How to find a reference where no log is given: locally in the output of the stack, in AWS by a query.

use doorway_core::reference::Reference;
use serde_json::json;

use crate::answer::Answer;
use crate::place::Where;

/// The functions that write references.
const FUNCTIONS: [&str; 8] = ["login", "launch", "register", "launches", "deep-link", "scores", "memberships", "jwks"];

pub(super) fn answer(reference: &Reference, place: &Where) -> Answer {
    if place.local.is_some() {
        let command = format!("doorway explain {reference} --log FILE");
        let text = format!(
            "The local stack writes its log to its standard output. Keep it: `cargo run -- --data .doorway | tee FILE`, then\n\n  {command}"
        );
        return Answer::done(text, json!({ "reference": reference.to_string(), "command": command }));
    }
    let stack = place.stack.as_deref().unwrap_or("STACK");
    let groups: Vec<String> = FUNCTIONS.iter().map(|function| format!("/aws/lambda/{stack}-{function}")).collect();
    let query = format!("fields @message | filter reference = \"{reference}\"");
    let command = format!(
        "aws logs start-query --start-time \"$(date -d '-1 day' +%s)\" --end-time \"$(date +%s)\" \\\n    --log-group-names {} \\\n    --query-string '{query}' --output text",
        groups.join(" ")
    );
    let piped = format!(
        "aws logs filter-log-events --log-group-name {} \\\n    --filter-pattern '{{ $.reference = \"{reference}\" }}' --query 'events[].message' --output text | doorway explain {reference} --log -",
        groups[1]
    );
    let text = format!(
        "In CloudWatch Logs Insights, over the log groups of all functions:\n\n  {query}\n\nor, and then `aws logs get-query-results --query-id ID`:\n\n  {command}\n\nor, where you know the function (here: launch), explained at once:\n\n  {piped}"
    );
    let json = json!({
        "reference": reference.to_string(), "query": query, "logGroups": groups, "command": command, "explained": piped,
    });
    Answer::done(text, json)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever answers a request writes its reference: the functions behind the routes of the template.
    #[test]
    fn the_logs_of_all_functions_behind_routes_are_looked_at() {
        let template =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../infra/template.yaml")).unwrap();
        let integrations = template.lines().filter_map(|line| line.strip_prefix("  ")?.strip_suffix("Integration:"));
        let kebab = |name: &str| {
            let parts =
                name.chars().map(|c| if c.is_uppercase() { format!("-{}", c.to_lowercase()) } else { c.to_string() });
            parts.collect::<String>().trim_start_matches('-').to_owned()
        };
        let mut behind_routes: Vec<String> = integrations.map(kebab).collect();
        let mut looked_at = FUNCTIONS.map(str::to_owned).to_vec();
        behind_routes.sort();
        looked_at.sort();
        assert_eq!(looked_at, behind_routes);
    }
}
