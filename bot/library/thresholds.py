"""Every number of the rules, with where it comes from. The rules read plain numbers; `origins` explains them.

In the file a number is written {value, label, sources, note}; reading splits it. V = checked at the source,
R = recalled, D = our own cautious decision.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, field_validator, model_validator

from bot.library.entry import Entry, ExerciseId, Review, SourceKey
from bot.library.screening import Episode

Points: TypeAlias = Annotated[float, Field(ge=0, le=10)]  # on the scale 0 to 10
Count: TypeAlias = Annotated[int, Field(ge=0, le=100)]
Days: TypeAlias = Annotated[int, Field(ge=0, le=400)]
Percent: TypeAlias = Annotated[int, Field(ge=0, le=100)]
Minutes: TypeAlias = Annotated[int, Field(ge=0, le=600)]
Factor: TypeAlias = Annotated[float, Field(gt=0, le=2)]


class Origin(Entry):
    label: Literal["V", "R", "D"]
    sources: Annotated[tuple[SourceKey, ...], Field(min_length=1)]
    note: str = ""
    reviewed: Review | None = None


class Baseline(Entry):
    window: Count
    needs: Count
    anew_days: Days


class Lights(Entry):
    red_rise: Points
    red_peak: Points
    red_peak_rise: Points
    red_over: Points
    red_next_day: Points
    red_effort: Points
    amber_rise: Points
    amber_peak: Points
    amber_peak_rise: Points
    amber_above_usual: Points
    amber_effort: Points
    green_rise: Points
    green_peak: Points
    green_above_usual: Points
    green_over: Points
    green_effort: Points
    good_effort: Points
    much_peak: Points
    effort_easy: Points
    effort_right: Points
    effort_hard: Points


class Speed(Entry):
    slow_from: Points
    hold_from: Points
    slow_dose_days: Days
    slow_level_days: Days


class GateNumbers(Entry):
    flare_rise: Points
    flare_over: Points
    flare_max_load: Count
    flare_walk_percent: Percent
    flare_calm_above: Points
    flare_calm_days: Days
    flare_doctor_days: Days
    reduced_pain: Points
    reduced_ambers: Count
    reduced_sleep: Points
    reduced_sleep_pain: Points
    reduced_percent: Percent
    reduced_sets_less: Count
    return_days: Days
    return_percents: Annotated[tuple[Percent, ...], Field(min_length=1)]
    high_base: Points
    high_base_screen_hours: Count
    high_base_days: Days
    high_base_max_load: Count
    micro_minutes: Minutes
    micro_max_load: Count


class Falling(Entry):
    strong_rise: Points
    reds: Count
    window: Count
    sessions_after_rise: Count
    landing_step: Count
    ambers: Count
    hard_sessions: Count
    hard_effort: Points


class Rising(Entry):
    good: Count
    window: Count
    careful_good: Count
    careful_window: Count
    careful_fear: Points
    level_days: Days
    level_ups: Count
    careful_level_ups: Count
    level_ups_days: Days
    waits_days: Days
    calm_hours: Count
    calm_rise: Points
    calm_over: Points
    adherence_percent: Percent
    adherence_days: Days
    declined_days: Days


class Starting(Entry):
    pain: Points
    fear: Points
    fear_default: Points
    minutes_default: Minutes
    first_exercises: Count
    first_minutes: Minutes
    max_load_soft: Count
    rest_seconds: Count
    acute_pain: Points
    acute_days: Days
    acute_max_load: Count


class PhaseNumbers(Entry):
    """When an episode moves on, in days since it began, and how far back the days may lie that show it has settled."""

    acute_until: Days
    subacute_until: Days
    acute_load_days: Annotated[int, Field(ge=1, le=7)]
    settling_days: Days


class Template(Entry):
    """What a phase of an episode asks of a week (clinical rules 5.2)."""

    load_times: Annotated[int, Field(ge=1, le=7)]  # a week, of each exercise that stabilises or strengthens
    minutes: Minutes  # of one session at most, whatever the member named
    walk_every: Annotated[int, Field(ge=1, le=7)]  # days from one walk to the next
    walk_most: Minutes  # of one walk
    better_weeks: Annotated[int, Field(ge=1, le=26)]  # not better after so many: a doctor or physiotherapist is named


class Planning(Entry):
    growth: Factor
    first_weeks: Count
    first_weeks_minutes: Minutes
    load3_hours: Count
    again_max_load: Count
    load3_per_week: Count
    load3_floor: Count
    week_floor_minutes: Minutes
    week_one_exercises: Count
    exercises: Count
    most_exercises: Count
    minutes_for_four: Minutes
    minutes_for_five: Minutes
    first_pool: Count
    pool: Count
    days_default: Annotated[int, Field(ge=1, le=7)]
    veto_days: Days
    walk_growth: Factor
    walk_step: Minutes
    walk_target: Minutes
    walk_red: Factor
    walk_start_low: Factor
    walk_start_high: Factor
    walk_least: Minutes
    walk_told_days: Days
    walk_form_2: Minutes
    walk_form_3: Minutes
    walk_form_4: Minutes


class Rotation(Entry):
    """How the programme turns, and how many of each kind are in it (`coach.kinds`)."""

    weeks: Count
    top_days: Days
    apart_days: Days
    rest_days: Days
    beside_minutes: Minutes
    liked: Count
    move: Count
    hold: Count
    strength: Count
    calm: Count


class Deload(Entry):
    every_weeks: Count
    effort: Points
    usual_rise: Points
    usual_days: Days
    reduced_gates: Count
    reduced_days: Days
    sets_less_percent: Percent
    days: Days


class Plateau(Entry):
    weeks: Count
    points: Points
    percent: Percent
    activity_points: Points
    adherence_percent: Percent
    maintenance_pain: Points
    maintenance_weeks: Count
    maintenance_sessions: Count


class Pause(Entry):
    smaller_from: Days
    smaller_sets_less: Count
    smaller_sessions: Count
    bottom_from: Days
    bottom_sessions: Count
    level_from: Days
    level_down: Count
    level_sessions: Count
    restart_from: Days
    restart_down: Count
    restart_sessions: Count
    frozen_days: Days


class Rescreening(Entry):
    full_days: Days
    full_after_pause: Days
    mini_after_pause: Days
    pain: Points
    rise: Points
    above: Points
    above_hours: Count
    flares: Count
    flares_days: Days
    no_change_percent: Percent
    no_change_points: Points
    worse_percent: Percent
    worse_points: Points
    stale_days: Days


class ChallengeNumbers(Entry):
    """Moving together in groups."""

    shown_from: Annotated[int, Field(ge=4, le=50)]  # fewer people would make a total tell who did what
    joker_days: Annotated[int, Field(ge=0, le=3)]
    rounds_most: Count
    day_ends_hour: Annotated[int, Field(ge=0, le=6)]
    own_days: Annotated[int, Field(ge=1, le=7)]
    goal_percent: Percent


class YellowNumbers(Entry):
    """What changes tone, cards and speed, and is never a finding (clinical rules 3.2). Answers are 0 to 10."""

    confidence_low: Points
    few_exercises: Count
    sleep_low: Points
    sleep_days: Days
    endurer_sessions: Count
    endurer_days: Days
    endurer_over: Points


class MoodNumbers(Entry):
    """Sums of the two questions about mood."""

    some: Annotated[int, Field(ge=0, le=6)]
    low: Annotated[int, Field(ge=0, le=6)]
    heavy: Annotated[int, Field(ge=0, le=6)]


class SelfTestNumbers(Entry):
    """When members may measure themselves, and from where a result says something."""

    again_days: Days
    month_days: Days
    stop_pain: Points
    least_axes: Count
    weak_gap: Annotated[float, Field(gt=0, le=1)]
    rise: Points


class ReferenceCourse(Entry):
    """How pain went on average in the studies, in hundredths."""

    pain_start: Percent
    pain_end: Percent
    weeks: Count


class Rule(Entry):
    """A rule by its id: what it is founded on; the reason told to members is reason/<id>."""

    sources: Annotated[tuple[SourceKey, ...], Field(min_length=1)]
    label: Literal["V", "R", "D"]


_SPOKEN_OF = (
    "R_FLAG R_SCREEN R_FLARE R_REDUCED R_RETURN R_RAMP R_DELOAD R_NORMAL R_PAUSE R_RED2 R_RED R_AMBER R_USER R_DOSE "
    "R_SETS R_LEVEL R_HOLD R_LOAD P_START P_FILL P_LOAD P_ACUTE P_TAG P_LIMIT P_EQUIPMENT P_DISPOSITION P_MINUTES"
)
RULES = frozenset(_SPOKEN_OF.split())


class Thresholds(Entry):
    version: Annotated[int, Field(ge=1)]  # raised with every change: decisions keep it
    reviewed: Review | None
    baseline: Baseline
    lights: Lights
    speed: Speed
    gate: GateNumbers
    falling: Falling
    rising: Rising
    starting: Starting
    phases: PhaseNumbers
    phase_acute: Template
    phase_subacute: Template
    phase_chronic: Template
    phase_none: Template
    planning: Planning
    rotation: Rotation
    deload: Deload
    plateau: Plateau
    pause: Pause
    rescreening: Rescreening
    mood: MoodNumbers
    yellow: YellowNumbers
    selftests: SelfTestNumbers
    challenge: ChallengeNumbers
    reference: ReferenceCourse
    playlists: dict[str, tuple[ExerciseId, ...]]  # in this order
    rules: dict[str, Rule]
    origins: dict[str, Origin]

    @model_validator(mode="after")
    def _every_number_has_an_origin(self) -> "Thresholds":
        bare = [name for name in self.numbers() if name not in self.origins]
        if bare:
            raise ValueError(f"without label and sources: {', '.join(bare)}")
        return self

    @field_validator("rules")
    @classmethod
    def _every_rule_is_founded(cls, rules: dict[str, Rule]) -> dict[str, Rule]:
        if odd := sorted(RULES ^ rules.keys()):
            raise ValueError(f"a rule is missing, or there is none of this name: {', '.join(odd)}")
        return rules

    def numbers(self) -> dict[str, float | tuple[int, ...]]:
        """Each number by its full name, such as lights.red_rise."""
        groups = ((name, getattr(self, name)) for name in type(self).model_fields)
        entries = ((name, group) for name, group in groups if isinstance(group, Entry) and name != "reviewed")
        return {f"{name}.{key}": value for name, group in entries for key, value in group}

    def template(self, phase: Episode | None) -> Template:
        """A phase's week; what nobody told is taken for acute, and what comes back for chronic."""
        match phase:
            case None | Episode.ACUTE:
                return self.phase_acute
            case Episode.SUBACUTE:
                return self.phase_subacute
            case Episode.CHRONIC | Episode.RECURRENT:
                return self.phase_chronic
            case Episode.NONE:
                return self.phase_none

    def sources_of(self, rule: str) -> tuple[str, ...]:
        return self.rules[rule].sources
