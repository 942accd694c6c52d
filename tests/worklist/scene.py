"""A made-up CJIP team with something in every list of its worklist: releases for which somebody is named and not, referrals, an appointment that nobody spoke of,
one that was missed, a drop-out, a dose that was asked for, a possible match.

    place, pages = scene.begin(h)
    made = scene.play(h, place, pages)      # name -> conversation
"""
import datetime
import time
import zoneinfo

from desk import Desk, day, notification
from harness import wait_until
from pages import Browser, Pages
from place import Place

BOTH = {"stations": ("desk", "worklist")}
SERVICES = [("carat", "CARAT", dict(organisation="oakdale", prison="oakdale", **BOTH)), ("health", "PRISON_HEALTH", dict(organisation="oakdale-health", prison="oakdale")), ("cjip", "CJIP", BOTH),
            ("arrest", "ARREST_REFERRAL", {}), ("tier3", "TIER3", {}), ("spoc", "SPOC", {})]
PEOPLE = [("cjip", "sam", "worker", "w-017", "Sam Made-Up"), ("cjip", "bea", "worker", "w-021", "Bea Made-Up"), ("cjip", "kim", "manager", "w-001", "Kim Made-Up"), ("cjip", "kay", "manager", "w-002", "Kay Made-Up"),
          ("cjip", "kes", "manager", "w-003", "Kes Made-Up"),
          ("cjip", "gwen", "governance", "w-090", "Gwen Made-Up"), ("cjip", "ali", "reader", "w-099", "Ali Made-Up"), ("carat", "lee", "worker", "c-101", "Lee Made-Up")]
WORKER = {"parts.minimum.worker.name": "Sam Made-Up", "parts.minimum.worker.phone": "01632 960123"}


def begin(h, people=PEOPLE):
    place = Place(h, SERVICES)
    place.start_broker()
    pages = Pages(h, place, ["carat", "cjip"])
    for service, name, role, worker, person in people:
        pages.account(service, name, role, worker, person)
    pages.start()
    return place, pages


def minimum(surname, forenames, born, **more):
    return {"minimum": {"person": {"surname": surname, "forenames": forenames, "date_of_birth": born, **more}}}


def release(surname, forenames, days, born):
    return dict(notification(days), parts=minimum(surname, forenames, born), worker="c-101")


def referral(surname, forenames, urgency, born, pathway="crack", **more):
    return {"kind": "referral", "recipient": "cjip", "urgency": urgency, "legal_basis": "direct_care", "worker": "a-003", "referral": {"pathway": pathway}, "parts": minimum(surname, forenames, born, **more)}


def time_of(seconds, name="event_at"):
    """The boxes of a form for a time from now, in London."""
    then = datetime.datetime.fromtimestamp(time.time() + seconds, zoneinfo.ZoneInfo("Europe/London"))
    return {f"{name}-day": str(then.day), f"{name}-month": str(then.month), f"{name}-year": str(then.year), f"{name}-time": f"{then:%H:%M}"}


def answered(sam, conversation, seconds, outcome=None):
    """Sam takes a referral, gives an appointment, and says what came of it."""
    sam.say(f"/say/{conversation}/accept", {"referral_answer.reply": "accept", "referral_answer.named_worker": "w-017", **WORKER})
    sam.say(f"/say/{conversation}/appointment", {"appointment.change": "made", "appointment.type": "assessment", "parts.minimum.appointment.place": "The office", **time_of(seconds)})
    if outcome:
        sam.does(f"/say/{conversation}/attendance", {"attendance.outcome": outcome, **time_of(seconds)})


LATER = 3600 # seconds


def play(h, place, pages):
    """Everything but the dose comes from others; what the team says, Sam says on the pages. At the end it is an hour later, and maybe another day."""
    tomorrow = int(time.gmtime(time.time() + LATER).tm_yday != time.gmtime().tm_yday)
    carat, arrest, tier3 = Desk(h, place, "carat"), Desk(h, place, "arrest"), Desk(h, place, "tier3")
    made = {"today": carat.send(release("Ash", "Tom", tomorrow, "1990-05-01")), "named": carat.send(release("Birch", "Una", 3, "1988-11-30")), "later": carat.send(release("Cedar", "Viv", 40, "1979-01-09")),
            "new": arrest.send(referral("Dale", "Wes", "same_day", "1994-06-14")), "unsaid": arrest.send(referral("Elm", "Xan", "within_48h", "1991-02-02", nhs_number="9434765919")),
            "missed": arrest.send(referral("Fern", "Yan", "rapid", "1985-08-08")), "coming": arrest.send(referral("Gorse", "Zoe", "routine", "1996-12-24", "maintenance")),
            "match": arrest.send(referral("Elm", "Alexander", "routine", "1991-02-20", "maintenance", nhs_number="9434765919")),
            "gone": tier3.send({"kind": "drop_out", "recipient": "cjip", "legal_basis": "direct_care", "worker": "t-004", "drop_out": {"trigger": "missed_doses", "tier": "high", "last_seen": day(-3)},
                                "parts": minimum("Hazel", "Ben", "1982-03-03")})}
    sam = Browser(pages, "cjip").sign_in("sam")
    for conversation in made.values():
        wait_until(lambda: sam.ask(f"/client/{conversation}").status == 200, 20, "everything to come")
    sam.say(f"/say/{made['named']}/answer", {"release_answer.reply": "will", "release_answer.named_worker": "w-017", **WORKER})
    answered(sam, made["unsaid"], 1800)
    answered(sam, made["missed"], -300, "did_not_attend") # an appointment may be a quarter of an hour ago when it is made
    answered(sam, made["coming"], 2 * 86400)
    place.shift_time(LATER)
    return made
