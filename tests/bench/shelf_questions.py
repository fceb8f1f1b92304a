"""A shelf that no model has read, and what is asked of it: an answer stands in one document or in none."""

from __future__ import annotations

from dataclasses import dataclass

SHELF = {
    "island guide.md": """# Getting there
The ferry to Karsholm leaves the old harbour of Vendby at nine in the morning and at four in the
afternoon. The crossing
takes 55 minutes. Bicycles travel free; a car costs 34 euros. Dogs must wear a lead on board.

# Where to sleep
The Lantern Inn has 14 rooms and costs 82 euros a night with breakfast. The campsite at Sandvik is open
from May to
September. The youth hostel closed in 2019.

# What to see
The lighthouse was built in 1871 and has 163 steps. The seal bay lies on the north coast; seals are born
there in
January. The museum of nets is closed on Mondays.
""",
    "heat pump manual.txt": """Model TK-40 heat pump. Installation and care.

The unit weighs 118 kilograms and is filled with 2.4 kilograms of the refrigerant R290. It needs a free
space of 60
centimetres on its left side. The fuse must be a 16 ampere type C.

Cleaning: rinse the filter under lukewarm water every three months. Never use a pressure washer. Fault
code E7 means that
the outdoor sensor is broken. Fault code E12 means that the water pressure is below 1 bar: refill the
system to 1.5 bar.

The warranty lasts five years if the unit is serviced every year by a certified technician. The
compressor has a warranty
of ten years. Noise at three metres: 38 decibels.
""",
    "lease.md": """# Lease of the flat in Tannery Lane 12
The lease begins on 1 March and ends on 31 May of the following year. The tenant is Ines Abara, the
landlord is Olof
Brandt. The rent is 940 euros a month, due on the third working day. The deposit is two months' rent.

# Rules
One cat is allowed; dogs are not. The cellar room number 5 belongs to the flat. Quiet hours are from ten
at night to six
in the morning. The tenant waters the garden in July. Keys: three for the front door, two for the letter
box.

# Ending it
Either side may end the lease with a notice of three months in writing. Walls must be handed back white.
""",
    "meeting.txt": """Minutes of the allotment society, 14 October.

Present: Maren (chair), Tobias, Yusuf, Ottilie. Excused: Henrik.
The treasurer Yusuf reports a balance of 2,318 euros. The new water pump cost 460 euros. The fee rises
from 48 to 55
euros next year. Plot 22 goes to the family Okafor. The compost shed will be painted green on the first
Saturday in
April; Tobias brings the paint. The summer feast is on 20 June; Ottilie asks the brass band. The bees
move to the
north fence. Next meeting: 9 December in the school canteen.
""",
}


@dataclass(frozen=True)
class Question:
    text: str
    document: str | None
    """Where the answer stands; None where it stands nowhere."""
    answer: str = ""
    """A regular expression that a right answer holds."""


_G, _H, _L, _M = SHELF
QUESTIONS = (
    Question("When does the ferry to Karsholm leave in the morning?", _G, r"nine|9"),
    Question("How long does the crossing to Karsholm take?", _G, r"55"),
    Question("What does it cost to take a car on the ferry?", _G, r"34"),
    Question("How many rooms does the Lantern Inn have?", _G, r"14|fourteen"),
    Question("What does a night at the Lantern Inn cost?", _G, r"82"),
    Question("In which months is the campsite at Sandvik open?", _G, r"May.*September"),
    Question("When was the lighthouse built?", _G, r"1871"),
    Question("How many steps does the lighthouse have?", _G, r"163"),
    Question("On which day is the museum of nets closed?", _G, r"Monday"),
    Question("When are the seals born?", _G, r"January"),
    Question("How heavy is the heat pump?", _H, r"118"),
    Question("Which refrigerant is in the heat pump?", _H, r"R ?290"),
    Question("What does fault code E7 mean?", _H, r"sensor"),
    Question("What does fault code E12 mean?", _H, r"pressure"),
    Question("How often must the filter be rinsed?", _H, r"three months|3 months"),
    Question("How long is the warranty of the compressor?", _H, r"ten|10"),
    Question("Which fuse does the heat pump need?", _H, r"16"),
    Question("How loud is the heat pump at three metres?", _H, r"38"),
    Question("How much free space does the unit need on its left side?", _H, r"60"),
    Question("May I clean the unit with a pressure washer?", _H, r"\b[Nn]o\b|[Nn]ever|not"),
    Question("Who is the landlord of the flat?", _L, r"Brandt"),
    Question("Who is the tenant?", _L, r"Abara"),
    Question("How much is the rent of the flat?", _L, r"940"),
    Question("When does the lease end?", _L, r"31 May|May 31|31st of May"),
    Question("How much is the deposit?", _L, r"two months|2 months|1,?880"),
    Question("Which cellar room belongs to the flat?", _L, r"5|five"),
    Question("When are quiet hours?", _L, r"ten|10"),
    Question("In which month does the tenant water the garden?", _L, r"July"),
    Question("How many keys are there for the letter box?", _L, r"two|2"),
    Question("How long is the notice for ending the lease?", _L, r"three months|3 months"),
    Question("How much money does the allotment society have?", _M, r"2,?318"),
    Question("What did the new water pump cost?", _M, r"460"),
    Question("How high is the society's fee next year?", _M, r"55"),
    Question("Who gets plot 22?", _M, r"Okafor"),
    Question("Which colour will the compost shed have?", _M, r"green"),
    Question("Who brings the paint?", _M, r"Tobias"),
    Question("When is the summer feast?", _M, r"20 June|June 20|20th"),
    Question("Where is the next meeting of the allotment society?", _M, r"canteen|school"),
    Question("Which team won the world cup in handball?", None),
    Question("How do I bake sourdough bread?", None),
)
