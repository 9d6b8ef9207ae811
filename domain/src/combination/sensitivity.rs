use super::model::{Model, Setting};
use super::outcome::{Interval, Stress, TornadoBar, TransitionPoint};
use crate::method::{Parameter, STRESS_TAU_AI_ASSISTED, TRANSITION_DIP};

/// What each parameter alone does to the gain, the strongest first; equals stay in the order of [`Parameter::ALL`].
pub(super) fn tornado(model: &Model, setting: &Setting) -> Vec<TornadoBar> {
    let mut bars: Vec<TornadoBar> = Parameter::ALL.map(|parameter| bar(model, setting, parameter)).into();
    let width = |bar: &TornadoBar| (bar.gain_at_high - bar.gain_at_low).abs();
    bars.sort_by(|a, b| width(b).total_cmp(&width(a)));
    bars
}

fn bar(model: &Model, setting: &Setting, parameter: Parameter) -> TornadoBar {
    let (low_value, high_value) = range(model, parameter);
    let gain = |value| model.totals(&setting.with(parameter, value)).gain();
    TornadoBar { parameter, low_value, high_value, gain_at_low: gain(low_value), gain_at_high: gain(high_value) }
}

/// The range to go through. Adoption does not go below what the roles have today.
pub(super) fn range(model: &Model, parameter: Parameter) -> (f64, f64) {
    let row = parameter.definition();
    let floor = if parameter == Parameter::Adoption { model.adoption_floor() } else { row.low };
    (row.low.max(floor), row.high.max(floor))
}

/// The root of the summed squares of the swings, down and up apart.
pub(super) fn interval(gain: f64, tornado: &[TornadoBar]) -> Interval {
    let squares = |swing: fn(f64, f64) -> f64| {
        let of_bar = |bar: &TornadoBar| swing(bar.gain_at_low - gain, bar.gain_at_high - gain).powi(2);
        tornado.iter().map(of_bar).sum::<f64>().sqrt()
    };
    Interval {
        lower: gain - squares(|low, high| low.min(high).min(0.0)),
        upper: gain + squares(|low, high| low.max(high).max(0.0)),
    }
}

/// The gain with the stress value, which no range limits.
pub(super) fn stress(model: &Model, setting: &Setting) -> Stress {
    let stressed = setting.with(Parameter::TauAiAssisted, STRESS_TAU_AI_ASSISTED);
    Stress { tau_ai_assisted: STRESS_TAU_AI_ASSISTED, gain: model.totals(&stressed).gain() }
}

/// `G min(1, t/R) - 0.10 max(0, 1 - t/R)` for every month t of a ramp of R months.
pub(super) fn transition(gain: f64, ramp_months: u16) -> Vec<TransitionPoint> {
    let point = |month: u16| {
        let progress = f64::from(month) / f64::from(ramp_months);
        TransitionPoint { month, gain: gain * progress.min(1.0) - TRANSITION_DIP * (1.0 - progress).max(0.0) }
    };
    (0..=ramp_months).map(point).collect()
}
