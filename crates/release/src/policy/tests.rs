use super::*;

const ROLES: [&str; 6] =
    ["analyst", "senior", "releasing_officer", "collection_manager", "inspector", "administrator"];

fn officer<'a>(name: &'a str, role: &'a str) -> Who<'a> {
    Who::Officer { name, role }
}

fn state(stage: Stage, first: Option<&str>, second: Option<&str>) -> ReleaseState {
    ReleaseState {
        release: "R-1".into(),
        to: "norte".into(),
        stage,
        drafted_by: "ana".into(),
        first: first.map(str::to_owned),
        second: second.map(str::to_owned),
    }
}

fn may(who: Who<'_>, permission: Permission, what: What<'_>) -> bool {
    Policies::new().unwrap().permit(who, permission, what).is_ok()
}

fn roles_that_may(permission: Permission, what: What<'_>) -> Vec<&'static str> {
    let may = |role: &&str| may(officer("eva", role), permission, what);
    ROLES.into_iter().filter(may).collect()
}

const PRODUCT: What<'_> = What::Product { id: Uuid::nil(), to: "norte" };

#[test]
fn everybody_of_the_task_force_reads_and_nobody_of_an_unknown_role() {
    assert_eq!(roles_that_may(Permission::Read, PRODUCT), ROLES);
    assert!(!may(officer("eva", "visitor"), Permission::Read, PRODUCT));
}

#[test]
fn a_recipient_reads_and_answers_what_was_released_to_it_and_nothing_else() {
    let (norte, sur) = (Who::Recipient { code: "norte" }, Who::Recipient { code: "sur" });
    for permission in [Permission::Read, Permission::Answer] {
        for stage in [Stage::Draft, Stage::Released, Stage::Recalled] {
            let state = state(stage, Some("eva"), Some("oto"));
            let what = What::Release(&state);
            assert_eq!(may(norte, permission, what), stage != Stage::Draft, "{stage:?}");
            assert!(!may(sur, permission, what), "{stage:?}");
        }
        assert!(!may(norte, permission, PRODUCT));
    }
    let released = state(Stage::Released, None, None);
    for permission in
        [Permission::Draft, Permission::Approve, Permission::Release, Permission::Recall]
    {
        assert!(!may(norte, permission, What::Release(&released)), "{permission:?}");
    }
}

#[test]
fn those_draft_and_approve_who_answer_for_it() {
    let drafts = roles_that_may(Permission::Draft, PRODUCT);
    assert_eq!(drafts, ["analyst", "senior", "releasing_officer"]);
    let fresh = state(Stage::Draft, None, None);
    let approves = roles_that_may(Permission::Approve, What::Release(&fresh));
    assert_eq!(approves, ["senior", "releasing_officer"]);
    assert_eq!(roles_that_may(Permission::Overrule, PRODUCT), ["releasing_officer"]);
}

#[test]
fn nobody_approves_what_they_drafted_or_approved_before() {
    let fresh = state(Stage::Draft, None, None);
    assert!(!may(officer("ana", "senior"), Permission::Approve, What::Release(&fresh)));
    let once = state(Stage::Draft, Some("eva"), None);
    assert!(!may(officer("eva", "senior"), Permission::Approve, What::Release(&once)));
    assert!(may(officer("oto", "senior"), Permission::Approve, What::Release(&once)));
    let sent = state(Stage::Released, Some("oto"), Some("pia"));
    assert!(!may(officer("eva", "senior"), Permission::Approve, What::Release(&sent)));
}

#[test]
fn what_two_others_approved_is_sent_by_a_releasing_officer() {
    let both = state(Stage::Draft, Some("eva"), Some("oto"));
    assert_eq!(roles_that_may(Permission::Release, What::Release(&both)), ["releasing_officer"]);
    let lacking = [
        state(Stage::Draft, None, None),
        state(Stage::Draft, Some("eva"), None),
        state(Stage::Draft, Some("eva"), Some("eva")),
        state(Stage::Draft, Some("ana"), Some("oto")),
        state(Stage::Draft, Some("oto"), Some("ana")),
        state(Stage::Released, Some("eva"), Some("oto")),
        state(Stage::Recalled, Some("eva"), Some("oto")),
    ];
    for state in lacking {
        let what = What::Release(&state);
        assert_eq!(roles_that_may(Permission::Release, what), [""; 0], "{state:?}");
    }
}

#[test]
fn what_was_released_is_recalled_once() {
    let sent = state(Stage::Released, Some("eva"), Some("oto"));
    let recalls = roles_that_may(Permission::Recall, What::Release(&sent));
    assert_eq!(recalls, ["senior", "releasing_officer"]);
    let back = state(Stage::Recalled, Some("eva"), Some("oto"));
    assert_eq!(roles_that_may(Permission::Recall, What::Release(&back)), [""; 0]);
}

#[test]
fn an_inspector_changes_nothing() {
    let both = state(Stage::Draft, Some("eva"), Some("oto"));
    for permission in Permission::ALL {
        for what in [PRODUCT, What::Release(&both)] {
            let may = may(officer("ida", "inspector"), permission, what);
            assert_eq!(may, permission == Permission::Read, "{permission:?}");
        }
    }
}

#[test]
fn a_permit_says_what_it_is_for() {
    let id = Uuid::from_u128(3);
    let what = What::Product { id, to: "norte" };
    let permit =
        Policies::new().unwrap().permit(officer("ana", "analyst"), Permission::Draft, what);
    let permit = permit.unwrap();
    assert_eq!(
        (permit.permission(), permit.who(), permit.to()),
        (Permission::Draft, "ana", "norte")
    );
    assert!(permit.is_of_product(id) && !permit.is_of_product(Uuid::nil()));
    assert!(!permit.is_of_release("R-1"));
}

#[test]
fn a_refusal_says_who_what_and_of_what() {
    let sent = state(Stage::Draft, None, None);
    let who = Who::Recipient { code: "sur" };
    let error = Policies::new().unwrap().permit(who, Permission::Read, What::Release(&sent));
    let said = "sur may not read release R-1 to norte: no policy of release.cedar permits it";
    assert_eq!(error.unwrap_err().to_string(), said);
}

#[test]
fn policies_that_do_not_fit_the_schema_are_refused() {
    let wrong =
        r#"permit (principal, action == Action::"read", resource) when { resource.colour };"#;
    assert!(Policies::read(wrong, SCHEMA).is_err());
    assert!(Policies::read("permit (", SCHEMA).is_err());
}
