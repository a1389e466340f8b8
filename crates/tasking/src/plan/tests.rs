use super::*;

#[test]
fn what_cannot_be_planned_is_said_with_what_to_do() {
    let said = [
        PlanError::NoAircraft,
        PlanError::SameName("D".to_owned()),
        PlanError::TooFar("R".to_owned()),
        PlanError::TooMany { aircraft: "D".to_owned(), most: 10 },
    ];
    insta::assert_snapshot!(said.map(|error| error.to_string()).join("\n"));
}
