"""A small model of who is answerable and where a conversation stands, written from PROTOCOL.md sections 6 and 7 and from nothing else.

Mission(ops) plays a history of one client: every op gives what the broker must say (None: taken; else the code it refuses with), and
the model's state afterwards is what the broker's newest heads must be. Services are the names below.
"""
NOT_ALLOWED, NOT_A_PARTY, WRONG_STATE, NOT_COORDINATOR, ON_ORDER, NOT_RESIDUAL, CHECKS_MISSING, CLIENT_DIED = 232, 234, 240, 243, 244, 245, 246, 248

KINDS = {"arrest": "ARREST_REFERRAL", "cjip": "CJIP", "tier3": "TIER3", "probation": "PROBATION", "spoc": "SPOC", "gp": "GP"}
TAKERS = {"cjip", "tier3", "probation", "spoc", "gp"}
COORDINATORS = {"arrest", "cjip", "tier3", "probation", "spoc"}
FINDERS = {"arrest", "spoc"}
ORDER_HOLDERS = {"probation", "cjip"}
CHASERS = {"cjip", "spoc", "probation"}
LOSERS = {"cjip", "spoc", "probation", "tier3"}

# (state, event) -> next; what is not here is refused.
REFERRAL = {
    "asked": {"amend": "asked", "accept": "accepted", "decline": "declined", "ask": "questioned", "already_open": "already_open"},
    "questioned": {"amend": "asked", "accept": "accepted", "decline": "declined", "already_open": "already_open"},
    "accepted": {"amend": "accepted", "appoint": "booked", "attended": "seen", "away": "away", "attempt": "accepted", "start": "in_treatment", "end": "ended"},
    "booked": {"amend": "booked", "appoint": "booked", "cancel": "accepted", "attended": "seen", "missed": "missed", "away": "away", "attempt": "booked",
               "start": "in_treatment", "end": "ended"},
    "seen": {"amend": "seen", "appoint": "booked", "attended": "seen", "missed": "missed", "away": "away", "attempt": "seen", "start": "in_treatment", "end": "ended"},
    "missed": {"amend": "missed", "appoint": "booked", "attended": "seen", "missed": "missed", "away": "away", "attempt": "missed", "start": "in_treatment",
               "end": "ended"},
    "away": {"amend": "away", "appoint": "booked", "attended": "seen", "missed": "missed", "away": "away", "attempt": "away", "start": "in_treatment", "end": "ended"},
    "in_treatment": {"amend": "in_treatment", "appoint": "in_treatment", "cancel": "in_treatment", "attended": "in_treatment", "missed": "in_treatment",
                     "away": "in_treatment", "attempt": "in_treatment", "end": "ended"},
    "ended": {"start": "in_treatment", "end": "ended"},
    "declined": {"amend": "asked", "accept": "accepted", "decline": "declined", "already_open": "already_open"},
    "already_open": {},
}
TRANSFER = {"offered": {"accept": "transferred", "decline": "transfer_declined", "withdraw": "transfer_withdrawn"}}
DROPOUT = {
    "woken": {"attempt": "trying", "spoke": "trying", "re_engaged": "re_engaged", "resume": "resumed"},
    "trying": {"attempt": "trying", "spoke": "trying", "re_engaged": "re_engaged", "resume": "resumed", "lost": "lost"},
    "resumed": {"attempt": "resumed", "spoke": "resumed", "re_engaged": "re_engaged", "lost": "lost"},
    "re_engaged": {"re_engaged": "re_engaged"},
    "lost": {"attempt": "lost", "spoke": "trying", "re_engaged": "re_engaged", "resume": "resumed"},
}


class Conversation:
    def __init__(self, kind, starter, addressee, state):
        self.kind, self.starter, self.addressee, self.state = kind, starter, addressee, state
        self.told, self.scope, self.channels, self.high = [], 0, set(), False

    def relation(self, service):
        return ("starter" if service == self.starter else "addressee" if service == self.addressee else "told" if service in self.told else None)

    def admit(self, service):
        if self.relation(service) is None:
            self.told.append(service)


class Mission:
    def __init__(self):
        self.coordinator, self.residual, self.prescriber, self.on_order, self.died, self.version = "", "", "", False, False, 0
        self.referral = Conversation("referral", "arrest", "cjip", "asked")
        self._take("arrest")
        self.offers, self.gone = [], []

    def _take(self, service):
        self.version += 1
        self.coordinator = service

    def _may_hold(self, service):
        return service in (ORDER_HOLDERS if self.on_order else COORDINATORS)

    # ---- the referral ----

    def answer(self, by, reply):
        c = self.referral
        if c.relation(by) is None:
            return NOT_A_PARTY
        if by not in TAKERS or c.relation(by) == "starter":
            return NOT_ALLOWED
        if reply not in REFERRAL[c.state]:
            return WRONG_STATE
        if reply == "decline" and c.state != "declined":
            c.admit("spoc")  # told at once, and so a party
        c.state = REFERRAL[c.state][reply]
        if reply in ("accept", "already_open") and self._may_hold(by) and self.coordinator == c.starter and c.starter in FINDERS:
            self._take(by)
            c.admit(by)
        return None

    def amend(self):
        if "amend" not in REFERRAL[self.referral.state]:
            return WRONG_STATE
        if self.died:
            return CLIENT_DIED
        self.referral.state = REFERRAL[self.referral.state]["amend"]
        return None

    def follow(self, by, what):
        """what: appoint, cancel, attended, missed, away, start, end."""
        c = self.referral
        if c.relation(by) is None:
            return NOT_A_PARTY
        if by not in TAKERS or c.relation(by) == "starter":
            return NOT_ALLOWED
        if what not in REFERRAL[c.state]:
            return WRONG_STATE
        if self.died and what in ("appoint", "cancel"):
            return CLIENT_DIED
        c.state = REFERRAL[c.state][what]
        return None

    def attempt_referral(self, by):
        c = self.referral
        if c.relation(by) is None:
            return NOT_A_PARTY
        if "attempt" not in REFERRAL[c.state]:
            return WRONG_STATE
        return CLIENT_DIED if self.died else None

    # ---- transfers ----

    def _knows(self, by):
        return self.referral.relation(by) is not None or by in (self.coordinator, self.residual)

    def offer(self, by, to, scope):
        if by == to:
            return NOT_ALLOWED
        if not self._knows(by):
            return NOT_A_PARTY
        if by not in COORDINATORS or to not in COORDINATORS:
            return NOT_ALLOWED
        if self.died:
            return CLIENT_DIED
        if scope & 1:
            if by != self.coordinator:
                return NOT_COORDINATOR
            if self.on_order and to not in ORDER_HOLDERS:
                return ON_ORDER
        c = Conversation("transfer", by, to, "offered")
        c.scope = scope
        self.offers.append(c)
        return None

    def answer_offer(self, c, by, reply):
        if c.relation(by) is None:
            return NOT_A_PARTY
        if c.relation(by) != "addressee":
            return NOT_ALLOWED
        if reply not in TRANSFER.get(c.state, {}):
            return WRONG_STATE
        if reply == "accept" and c.scope & 1:
            if self.coordinator != c.starter:
                return NOT_COORDINATOR
            if self.on_order and by not in ORDER_HOLDERS:
                return ON_ORDER
        if reply == "accept":
            prescribes = c.scope & 2 and self.prescriber in ("", c.starter)
            if prescribes:
                self.prescriber = by
            if c.scope & 1:
                self.residual = "cjip" if c.starter == "cjip" else self.residual
                self._take(by)
            elif prescribes:
                self.version += 1
        c.state = TRANSFER[c.state][reply]
        return None

    def withdraw(self, c, by):
        if c.relation(by) is None:
            return NOT_A_PARTY
        if c.relation(by) != "starter":
            return NOT_ALLOWED
        if "withdraw" not in TRANSFER.get(c.state, {}):
            return WRONG_STATE
        c.state = "transfer_withdrawn"
        return None

    # ---- drop-outs ----

    def drop_out(self, by, to, high):
        if by == to:
            return NOT_ALLOWED
        if not self._knows(by):
            return NOT_A_PARTY
        if to not in CHASERS:
            return NOT_ALLOWED
        if self.died:
            return CLIENT_DIED
        c = Conversation("dropout", by, to, "woken")
        c.high = high
        for service in (self.coordinator, self.residual or "spoc"):
            c.admit(service)
        self.gone.append(c)
        return None

    def _other(self, c, by, to):
        """Between the two sides: the starter to a party, a party to the starter."""
        if c.relation(by) is None:
            return NOT_A_PARTY
        good = (c.relation(by) == "starter") != (c.relation(to) == "starter") and c.relation(to) is not None
        return None if good else NOT_ALLOWED

    def attempt(self, c, by, to, channel, spoke):
        refused = NOT_ALLOWED if by == to else self._other(c, by, to)
        event = "spoke" if spoke else "attempt"
        if refused:
            return refused
        if event not in DROPOUT[c.state]:
            return WRONG_STATE
        if self.died:
            return CLIENT_DIED
        c.state = DROPOUT[c.state][event]
        c.channels.add(channel)
        return None

    def re_engaged(self, c, by, to):
        refused = NOT_ALLOWED if by == to else self._other(c, by, to)
        if refused:
            return refused
        if "re_engaged" not in DROPOUT[c.state]:
            return WRONG_STATE
        c.state = "re_engaged"
        return None

    def resume(self, c, by):
        if c.relation(by) is None:
            return NOT_A_PARTY if by != c.starter else NOT_ALLOWED
        if c.relation(by) == "starter" or by not in COORDINATORS:
            return NOT_ALLOWED
        if "resume" not in DROPOUT[c.state]:
            return WRONG_STATE
        if by not in (self.residual, self.coordinator):
            return NOT_RESIDUAL
        if not self._may_hold(by):
            return ON_ORDER
        c.state = "resumed"
        if by != self.coordinator:
            self._take(by)
        return None

    def lost(self, c, by, checked):
        if c.relation(by) is None:
            return NOT_A_PARTY
        if c.relation(by) == "starter" or by not in LOSERS:
            return NOT_ALLOWED
        if "lost" not in DROPOUT[c.state]:
            return WRONG_STATE
        if len(c.channels) < 2 or (c.high and "VISIT" not in c.channels) or not checked:
            return CHECKS_MISSING
        c.state = "lost"
        return None

    # ---- statements by the CJIP team ----

    def order(self, by, step):
        """by: cjip to probation, or probation to cjip."""
        if not self._knows(by):
            return NOT_A_PARTY
        self.on_order = step != "CLEARED"
        if self.on_order and self.coordinator not in ORDER_HOLDERS:
            self._take(by)
        else:
            self.version += 1
        return None

    def death(self, by):
        if not self._knows(by):
            return NOT_A_PARTY
        self.died = True
        self.version += 1
        return None
