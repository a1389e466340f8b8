use cathartes_store::Role;

use super::*;

fn account(role: Role) -> Account {
    let (id, name) = (uuid::Uuid::nil(), "Ada \"Lovelace\"".to_owned());
    Account { id, name, role, active: true, password_hash: String::new() }
}

fn who_may(permission: Permission) -> Vec<Role> {
    let policies = Policies::new().unwrap();
    let may = |role: &Role| policies.permit(&account(*role), permission);
    Role::ALL.into_iter().filter(may).collect()
}

#[test]
fn an_inspector_changes_nothing_and_only_administrators_make_accounts() {
    assert_eq!(who_may(Permission::Read), Role::ALL);
    let importers: Vec<Role> =
        Role::ALL.into_iter().filter(|role| *role != Role::Inspector).collect();
    assert_eq!(who_may(Permission::Import), importers);
    let judges = [Role::Analyst, Role::Senior, Role::Administrator];
    assert_eq!(who_may(Permission::Judge), judges);
    assert_eq!(who_may(Permission::Settle), [Role::Senior, Role::Administrator]);
    assert_eq!(who_may(Permission::Accounts), [Role::Administrator]);
    assert_eq!(who_may(Permission::Audit), [Role::Inspector, Role::Administrator]);
}

#[test]
fn no_policy_that_is_added_lets_an_inspector_change_anything() {
    let wider = format!("{POLICIES}\npermit (principal, action, resource);");
    let policies = Policies::read(&wider, SCHEMA).unwrap();
    let changes = [Permission::Import, Permission::Judge, Permission::Settle, Permission::Accounts];
    assert!(changes.iter().all(|change| policies.permit(&account(Role::Analyst), *change)));
    assert!(!changes.iter().any(|change| policies.permit(&account(Role::Inspector), *change)));
}

#[test]
fn a_policy_about_a_role_or_an_action_that_is_not_there_is_refused() {
    let odd = [
        "permit (principal, action == Action::\"fire\", resource);",
        "permit (principal in Colour::\"red\", action, resource);",
        "permit (principal, action",
    ];
    for text in odd {
        assert!(Policies::read(text, SCHEMA).is_err(), "{text}");
    }
}
