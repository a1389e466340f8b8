//! Curves of waiting as lines on paper: days to the right, the share that still waits upward, and the band around it.

use cathartes_formats::paper::{BLACK, Face, GREY, Ink, Letters, Paper};
use cathartes_release::survival::Curve;

use super::DAY_S;

/// Curves that are told apart, also without colours: the second is drawn thinner.
const INKS: [Ink; 4] = [[20, 80, 150], [196, 92, 20], [40, 120, 60], [120, 60, 140]];
/// The lighter half of an ink, for its band.
const LIGHTER: f32 = 0.78;
const HEIGHT_PT: f32 = 170.0;
const LEFT_PT: f32 = 84.0;
const RIGHT_PT: f32 = 547.0;

/// A curve with its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it is called.
    pub name: String,
    /// The curve.
    pub curve: Curve,
}

/// Curves in one frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    title: String,
    /// Under the frame.
    across: String,
    lines: Vec<Line>,
    /// How many days there are.
    days: f64,
}

impl Chart {
    /// The longest time that anything of it was watched, as a round number of days.
    #[must_use]
    pub fn of(title: &str, across: &str, lines: Vec<Line>) -> Self {
        let longest = lines.iter().filter_map(|line| line.curve.steps.last());
        let longest = longest.map(|step| step.after.0 / DAY_S).fold(1.0, f64::max);
        let rounds = [1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 90.0, 120.0, 180.0, 365.0, 730.0];
        let days = rounds.into_iter().find(|round| *round >= longest).unwrap_or(longest.ceil());
        Self { title: title.to_owned(), across: across.to_owned(), lines, days }
    }

    /// Draws it below what is there.
    pub fn draw(&self, paper: &mut Paper) {
        paper.room(HEIGHT_PT + 60.0);
        let small = Letters { size_pt: 8.0, face: Face::Regular, ink: BLACK };
        let grey = Letters { ink: GREY, ..small };
        let top = paper.y_pt() + 20.0;
        let bottom = top + HEIGHT_PT;
        paper.text(&self.title, Letters { face: Face::Bold, ..small }, [LEFT_PT, top - 8.0]);
        for fifth in 0..=5_u8 {
            let y = bottom - HEIGHT_PT * f32::from(fifth) / 5.0;
            paper.line(&[[LEFT_PT, y], [RIGHT_PT, y]], [225, 228, 230], 0.5);
            paper.text(&format!("{} %", 20 * fifth), grey, [LEFT_PT - 30.0, y + 3.0]);
            let days = self.days * f64::from(fifth) / 5.0;
            let text = if self.days < 5.0 { format!("{days:.1}") } else { format!("{days:.0}") };
            paper.text(&text, grey, [self.x(days) - 6.0, bottom + 11.0]);
        }
        for (line, ink) in self.lines.iter().zip(INKS.iter().cycle()) {
            self.band(paper, &line.curve, *ink, top);
        }
        let shown = self.lines.iter().zip(INKS.iter().cycle()).enumerate();
        for (number, (line, ink)) in shown {
            let width = if number == 0 { 1.6 } else { 1.1 };
            let stairs = self.stairs(&line.curve, bottom, |step| step.waiting_share);
            paper.line(&stairs, *ink, width);
            let y = bottom + 24.0 + 11.0 * number as f32;
            paper.line(&[[LEFT_PT, y - 3.0], [LEFT_PT + 22.0, y - 3.0]], *ink, width);
            paper.text(&line.name, small, [LEFT_PT + 28.0, y]);
        }
        paper.text(&self.across, grey, [RIGHT_PT - 150.0, bottom + 24.0]);
        paper.go_to(bottom + 32.0 + 11.0 * self.lines.len() as f32);
    }

    fn x(&self, days: f64) -> f32 {
        LEFT_PT + (RIGHT_PT - LEFT_PT) * (days / self.days).clamp(0.0, 1.0) as f32
    }

    /// From 1 at nought, level until each step and then down.
    fn stairs(
        &self,
        curve: &Curve,
        bottom: f32,
        share: impl Fn(&cathartes_release::survival::Step) -> f64,
    ) -> Vec<[f32; 2]> {
        let y = |share: f64| bottom - HEIGHT_PT * share as f32;
        let mut points = vec![[self.x(0.0), y(1.0)]];
        let mut last = 1.0;
        for step in &curve.steps {
            let x = self.x(step.after.0 / DAY_S);
            points.push([x, y(last)]);
            last = share(step);
            points.push([x, y(last)]);
        }
        points
    }

    fn band(&self, paper: &mut Paper, curve: &Curve, ink: Ink, top: f32) {
        let light = ink.map(|part| {
            let part = f32::from(part);
            (part + (255.0 - part) * LIGHTER) as u8
        });
        let bottom = top + HEIGHT_PT;
        for pair in curve.steps.windows(2) {
            let Some(band) = pair[0].band_share else { continue };
            let [left, right] = [0, 1].map(|i: usize| self.x(pair[i].after.0 / DAY_S));
            let [low, high] = [band.low, band.high].map(|share| bottom - HEIGHT_PT * share as f32);
            if right > left && low > high {
                paper.filled([left, high, right, low], light);
            }
        }
    }
}
