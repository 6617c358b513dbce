//! What `--stack` reads is what the template writes.

use doorway_cli::place::{OUTPUTS, PARAMETERS};

const TEMPLATE: &str = include_str!("../../infra/template.yaml");

#[test]
fn every_output_that_the_command_reads_is_in_the_template() {
    let (_, outputs) = TEMPLATE.split_once("\nOutputs:").unwrap();
    for (output, _) in OUTPUTS {
        assert!(outputs.contains(&format!("\n  {output}:\n")), "the template has no output {output}");
    }
}

#[test]
fn every_parameter_that_the_command_reads_is_in_the_template() {
    let (_, parameters) = TEMPLATE.split_once("\nParameters:").unwrap();
    let (parameters, _) = parameters.split_once("\nConditions:").unwrap();
    for (parameter, setting) in PARAMETERS {
        assert!(parameters.contains(&format!("\n  {parameter}:\n")), "the template has no parameter {parameter}");
        assert!(TEMPLATE.contains(&format!("{setting}: !Ref {parameter}\n")), "{setting} is not {parameter}");
    }
}

#[test]
fn every_setting_of_a_command_is_one_of_the_functions() {
    for (_, setting) in OUTPUTS {
        assert!(TEMPLATE.contains(&format!("{setting}:")), "no function has {setting}");
    }
}
