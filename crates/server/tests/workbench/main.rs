//! Analysts at the workbench, through the router: the queue, blind second looks, the last word, assessments, handovers,
//! statistics.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod house;
mod oversight;
mod releases;

use std::{collections::BTreeSet, fs, thread};

use house::{Analyst, House, rated};
use serde_json::{Value, json};

fn ids(queue: &Value) -> Vec<&str> {
    let items = queue["items"].as_array().unwrap();
    items.iter().map(|item| item["id"].as_str().unwrap()).collect()
}

fn review(id: &str, verdict: &str) -> Value {
    json!({ "kind": "finding", "id": id, "verdict": verdict, "reason": "seen" })
}

fn at(id: &str) -> String {
    format!("kind=finding&id={id}")
}

#[test]
fn a_second_look_is_blind_and_a_senior_has_the_last_word() {
    let house = House::new("confirmed");
    let [ana, eva, sam, ines] =
        ["analyst", "analyst", "senior", "inspector"].map(|role| house.somebody(role));
    let id = &house.found(&[rated(46.0, 410.0)])[0];
    let (_, taken) = ana.post("/api/v1/queue/next", &json!({}));
    assert_eq!(taken["item"]["words"], "plume of CH4, 410 kg/h");
    assert_eq!(taken["item"]["id"], id.as_str());
    let (status, first) = ana.post("/api/v1/reviews", &review(id, "confirm"));
    assert_eq!(status, 201, "{first}");
    let concluded = json!({
        "kind": "finding", "id": id, "text": "a works", "likelihood": "very likely",
        "confidence": "moderate", "sources": [{ "kind": "finding", "id": id }],
    });
    let (status, assessment) = ana.post("/api/v1/assessments", &concluded);
    assert_eq!((status, &assessment["likelihood"]), (201, &json!("very likely")));

    // Who has looked, who settles and who only inspects see all; who is to look sees that somebody did.
    let hidden = eva.get(&format!("/api/v1/reviews?{}", at(id)));
    let [one] = hidden.as_array().unwrap().as_slice() else { panic!("{hidden}") };
    assert_eq!((&one["hidden"], &one["id"]), (&json!(true), &first["id"]));
    for name in ["verdict", "reason", "by"] {
        assert!(one.get(name).is_none(), "{one}");
    }
    for somebody in [&ana, &sam, &ines] {
        let reviews = somebody.get(&format!("/api/v1/reviews?{}", at(id)));
        assert_eq!(reviews[0]["verdict"], "confirm");
    }
    let evidence = eva.get(&format!("/api/v1/evidence/finding/{id}"));
    assert_eq!(evidence["standing"]["stage"], "second");
    assert_eq!(evidence["reviews"], hidden);
    assert_eq!(evidence["assessments"], json!([]));
    assert_eq!(eva.get(&format!("/api/v1/assessments?{}", at(id))), json!([]));
    let told = evidence.to_string();
    assert!(!told.contains("confirm") && !told.contains("a works"), "{told}");
    let history = evidence["history"].as_array().unwrap();
    let looked = history.iter().find(|entry| entry["action"] == "review.made").unwrap();
    assert_eq!(looked["by"], "somebody");
    assert_eq!(ids(&ana.get("/api/v1/queue")), Vec::<&str>::new());
    assert_eq!(ids(&eva.get("/api/v1/queue?stage=second")), [id.as_str()]);

    // They differ: nobody but a senior is asked.
    assert_eq!(eva.post("/api/v1/reviews", &review(id, "reject")).0, 201);
    let seen = eva.get(&format!("/api/v1/reviews?{}", at(id)));
    assert_eq!(seen[0]["verdict"], "confirm", "who has looked sees what the other said");
    assert_eq!(eva.get(&format!("/api/v1/assessments?{}", at(id))).as_array().unwrap().len(), 1);
    let tom = house.somebody("analyst");
    assert_eq!(ids(&tom.get("/api/v1/queue")), Vec::<&str>::new());
    assert_eq!(tom.post("/api/v1/queue/next", &json!({})).0, 204);
    assert_eq!(ids(&sam.get("/api/v1/queue")), [id.as_str()]);
    let (_, taken) = sam.post("/api/v1/queue/next", &json!({ "stage": "senior" }));
    assert_eq!(taken["item"]["stage"], "senior");
    assert_eq!(sam.post("/api/v1/reviews", &review(id, "confirm")).0, 201);
    let standing = ana.get(&format!("/api/v1/evidence/finding/{id}"))["standing"].clone();
    assert_eq!((&standing["stage"], &standing["verdict"]), (&json!("decided"), &json!("confirm")));

    let told = ana.get("/api/v1/statistics?days=2");
    let agreement = &told["agreement"];
    assert_eq!((&agreement["pairs"], &agreement["same"]), (&json!(1), &json!(0)));
    assert_eq!(agreement["table"][0], json!([0, 1, 0, 0]));
    assert_eq!(told["days"][1]["plumes"], 1);
    assert_eq!(told["days"][1]["decided"]["confirm"], 1);
    assert_eq!(told["waited_s"]["count"], 1);
    assert_eq!(told["instruments"][0]["confirmed"], 1);
    assert_eq!(ana.status("/api/v1/statistics?days=0"), 400);
}

#[test]
fn everything_or_nothing_is_looked_at_twice_as_the_server_is_told() {
    for (rule, stage) in [("never", "decided"), ("always", "second")] {
        let house = House::new(rule);
        let ana = house.somebody("analyst");
        assert_eq!(ana.get("/api/v1/workbench")["second_look"], rule);
        for (id, verdict) in
            house.found(&[rated(46.0, 1.0), rated(46.0, 2.0)]).iter().zip(["confirm", "reject"])
        {
            assert_eq!(ana.post("/api/v1/reviews", &review(id, verdict)).0, 201);
            let evidence = ana.get(&format!("/api/v1/evidence/finding/{id}"));
            assert_eq!(evidence["standing"]["stage"], stage, "{rule} {verdict}");
        }
    }
}

#[test]
fn nobody_reviews_twice_in_a_round_and_a_lost_answer_is_asked_for_again() {
    let house = House::new("confirmed");
    let (ana, eva) = (house.somebody("analyst"), house.somebody("analyst"));
    let id = &house.found(&[rated(46.0, 1.0)])[0];
    let mut sent = review(id, "confirm");
    sent["key"] = json!("0190b6a0-0000-4000-8000-00000000001a");
    let (_, first) = ana.post("/api/v1/reviews", &sent);
    let (status, again) = ana.post("/api/v1/reviews", &sent);
    assert_eq!((status, &again), (201, &first));
    let (status, twice) = ana.post("/api/v1/reviews", &review(id, "reject"));
    assert_eq!(status, 409);
    assert!(twice["detail"].as_str().unwrap().contains("supersedes"), "{twice}");
    let (status, refused) = eva.post("/api/v1/reviews", &sent);
    assert_eq!(status, 409, "{refused}");
    let mut better = review(id, "reject");
    better["supersedes"] = first["id"].clone();
    assert_eq!(ana.post("/api/v1/reviews", &better).0, 201);
}

#[test]
fn the_queue_gives_the_most_useful_and_nothing_to_two() {
    let house = House::new("never");
    let all = house.found(&(1..=60).map(|n| rated(46.0, f64::from(n))).collect::<Vec<_>>());
    let ana = house.somebody("analyst");
    let queue = ana.get("/api/v1/queue?limit=3&kind=finding&gas=ch4&bbox=6,45,8,47");
    assert_eq!((&queue["waiting"], &queue["waiting_more"]), (&json!(60), &json!(false)));
    assert_eq!(ids(&queue), [&all[59], &all[58], &all[57]]);
    let item = &queue["items"][0];
    let product = ["uncertainty", "consequence"].map(|name| item[name].as_f64().unwrap());
    assert!(item["value"].as_f64().unwrap() <= product[0] * product[1]);
    assert_eq!(ids(&ana.get("/api/v1/queue?kind=site")), Vec::<&str>::new());
    for odd in ["kind=person", "stage=decided", "limit=0", "bbox=1,2", "colour=red"] {
        assert_eq!(ana.status(&format!("/api/v1/queue?{odd}")), 400, "{odd}");
    }
    let ines = house.somebody("inspector");
    assert_eq!(ines.post("/api/v1/queue/next", &json!({})).0, 403);
    let analysts: Vec<Analyst> = (0..8).map(|_| house.somebody("analyst")).collect();
    let taken: Vec<String> = thread::scope(|scope| {
        let work = |analyst: &Analyst| {
            let next = || analyst.post("/api/v1/queue/next", &json!({ "kind": "plume" }));
            let taken = std::iter::from_fn(|| match next() {
                (200, taken) => Some(taken["item"]["id"].as_str().unwrap().to_owned()),
                (204, _) => None,
                (status, other) => panic!("{status} {other}"),
            });
            taken.collect::<Vec<_>>()
        };
        let all: Vec<_> = analysts.iter().map(|one| scope.spawn(move || work(one))).collect();
        all.into_iter().flat_map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(taken.len(), 60);
    assert_eq!(taken.iter().collect::<BTreeSet<_>>().len(), 60, "nothing twice");
}

#[test]
fn evidence_holds_what_lies_around() {
    let house = House::new("confirmed");
    let ana = house.somebody("analyst");
    let all =
        house.found(&[rated(46.0, 1.0), rated(46.01, 2.0), rated(46.02, 3.0), rated(46.2, 4.0)]);
    let register =
        "name,latitude,longitude,radius_m,gases\nDairy 1,46.001,7,100,ch4\nMill 2,46.3,7,100,\n";
    let (status, brought) = ana.put("/api/v1/register", &json!({ "file": register }));
    assert_eq!(status, 200, "{brought}");
    let evidence = ana.get(&format!("/api/v1/evidence/finding/{}", all[0]));
    assert_eq!(evidence["finding"]["id"], all[0].as_str());
    assert_eq!(evidence["scene"]["name"], "line");
    assert_eq!(evidence["scene"]["assets"], json!([]));
    let near = evidence["nearby"]["findings"].as_array().unwrap();
    let told: Vec<&str> = near.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(told, [all[1].as_str(), all[2].as_str()], "neither itself nor what is far");
    assert!((near[0]["distance_m"].as_f64().unwrap() - 1_111.7).abs() < 1.0);
    let emitters = evidence["register"].as_array().unwrap();
    assert_eq!((emitters.len(), &emitters[0]["name"]), (1, &json!("Dairy 1")), "{emitters:?}");
    assert_eq!(evidence["site"], Value::Null);
    assert_eq!(ana.status("/api/v1/evidence/finding/0190b6a0-0000-7000-8000-00000000001a"), 404);
    assert_eq!(ana.status("/api/v1/evidence/person/0190b6a0-0000-7000-8000-00000000001a"), 400);
}

#[test]
fn a_shift_is_handed_over() {
    let house = House::new("confirmed");
    let (ana, eva, ines) =
        (house.somebody("analyst"), house.somebody("senior"), house.somebody("inspector"));
    let colleagues = ines.get("/api/v1/colleagues");
    let names: Vec<&str> =
        colleagues.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, [ana.name.as_str(), eva.name.as_str()]);
    let id = &house.found(&[rated(46.0, 1.0)])[0];
    let item = json!({ "kind": "finding", "id": id });
    let sent = json!({ "to": eva.name, "text": "look at the wind", "items": [item] });
    let (status, refused) = ana.post("/api/v1/handovers", &sent);
    assert_eq!(status, 409, "it is not looked at: {refused}");
    ana.post("/api/v1/claims", &item);
    let nobody = json!({ "to": ines.name, "text": "x", "items": [item] });
    assert_eq!(ana.post("/api/v1/handovers", &nobody).0, 400);
    let (status, left) = ana.post("/api/v1/handovers", &sent);
    assert_eq!((status, &left["taken_at"]), (201, &Value::Null), "{left}");
    assert_eq!(eva.get("/api/v1/claims")[0]["by"], format!("account:{}", eva.name));
    let taken = format!("/api/v1/handovers/{}/taken", left["id"].as_str().unwrap());
    assert_eq!(ana.post(&taken, &json!({})).0, 400);
    let (status, told) = eva.post(&taken, &json!({}));
    assert_eq!((status, &told["taken_by"]), (200, &json!(format!("account:{}", eva.name))));
    assert_eq!(ana.get("/api/v1/handovers?limit=5"), json!([told]));
}

#[test]
fn the_map_for_the_background_comes_in_stretches() {
    let house = House::new("never");
    let ana = house.somebody("analyst");
    assert_eq!(ana.get("/api/v1/workbench")["basemap"], false);
    assert_eq!(ana.status("/basemap.pmtiles"), 404);
    let house = House::with_basemap(b"PMTiles and what follows");
    let ana = house.somebody("analyst");
    assert_eq!(ana.get("/api/v1/workbench")["basemap"], true);
    let mut whole = ana.ask("/basemap.pmtiles", &[]);
    assert_eq!(whole.status(), 200);
    assert_eq!(whole.body_mut().read_to_vec().unwrap(), b"PMTiles and what follows");
    let tag = whole.headers()["etag"].to_str().unwrap().to_owned();
    let mut part = ana.ask("/basemap.pmtiles", &[("range", "bytes=0-6"), ("if-range", &tag)]);
    assert_eq!(part.status(), 206);
    assert_eq!(part.headers()["content-range"], "bytes 0-6/24");
    assert_eq!(part.headers()["content-length"], "7");
    assert_eq!(part.body_mut().read_to_vec().unwrap(), b"PMTiles");
    let nowhere = ana.ask("/basemap.pmtiles", &[("range", "bytes=24-")]);
    assert_eq!(nowhere.status(), 416);
    assert_eq!(nowhere.headers()["content-range"], "bytes */24");
    assert_eq!(ana.ask("/basemap.pmtiles", &[("if-none-match", &tag)]).status(), 304);
    let other = ana.ask("/basemap.pmtiles", &[("range", "bytes=0-6"), ("if-range", "\"old\"")]);
    assert_eq!(other.status(), 200, "a stretch of another version is of no use");
    fs::remove_file(house.folder.path().join("map.pmtiles")).unwrap();
    assert_eq!(ana.status("/basemap.pmtiles"), 500);
}

#[test]
fn the_description_of_the_interface_has_every_call_of_the_workbench() {
    let document = serde_json::to_value(cathartes_server::document()).unwrap();
    for (path, method) in [
        ("/api/v1/queue", "get"),
        ("/api/v1/queue/next", "post"),
        ("/api/v1/evidence/{kind}/{id}", "get"),
        ("/api/v1/assessments", "post"),
        ("/api/v1/assessments", "get"),
        ("/api/v1/handovers", "post"),
        ("/api/v1/handovers", "get"),
        ("/api/v1/handovers/{id}/taken", "post"),
        ("/api/v1/colleagues", "get"),
        ("/api/v1/statistics", "get"),
        ("/api/v1/workbench", "get"),
        ("/basemap.pmtiles", "get"),
    ] {
        assert!(document["paths"][path][method].is_object(), "{method} {path}");
    }
}
