"""The allow-list: the columns that are known about a flight before it departs."""

from databricks_utils.features import FeatureSet

KEYS = ("flight_date", "carrier", "flight_number", "origin")
LABEL = "late"

CATEGORIES = ("carrier", "destination")
WEATHER = (
    "temperature_f",
    "dew_point_f",
    "humidity_percent",
    "wind_direction_degrees",
    "wind_speed_mph",
    "wind_gust_mph",
    "precipitation_inches",
    "pressure_millibars",
    "visibility_miles",
)
PLANE = ("plane_age_years", "engine_count", "seat_count")
SCHEDULE = ("departure_hour", "day_of_week", "distance_miles", "scheduled_minutes", "departures_that_hour")
HISTORY = ("late_rate_carrier", "late_rate_route", "late_rate_hour", "late_rate_yesterday")
NUMBERS = (*SCHEDULE, *WEATHER, *PLANE, *HISTORY)
# In the table, but no longer in the model: the champion needs them until a model without them replaces it.
RETIRED: tuple[str, ...] = ()

_AFTERWARDS = "known only after departure"

BEFORE_DEPARTURE = FeatureSet(
    known=(
        *KEYS,
        "destination",
        "tail_number",
        "scheduled_departure",
        "scheduled_arrival",
        "scheduled_departure_minute",
        "distance_miles",
        "predicted_at",
        "built_year",
        "engine_count",
        "seat_count",
        *WEATHER,
    ),
    features=(*CATEGORIES, *NUMBERS, *RETIRED),
    label=LABEL,
    known_later=dict.fromkeys(
        (
            "dep_time",
            "dep_delay",
            "departure",
            "departure_delay_minutes",
            "arr_time",
            "arr_delay",
            "arrival",
            "arrival_delay_minutes",
            "air_time",
            "air_time_minutes",
            "status",
        ),
        _AFTERWARDS,
    ),
)
