"""Completes a question from what the conversation knows: one pass, a step at a time."""

from __future__ import annotations

import dataclasses
from typing import Optional, Sequence, Tuple

from bot.dialogue.state import State
from bot.knowledge import operators
from bot.knowledge.answering import HOLDING, LIMITED
from bot.knowledge.model import KnowledgeBase
from bot.knowledge.question import HOW_MANY, OPEN, WHICH, YES_NO, Question
from bot.words.folding import fold, stem

# Attributes that naming another topic does not ask again.
_NOT_REPEATED = ("definition", "difference", "update", "year", "types", "author", "copy", "name")


# Asked of a person and a body with yes or no, these ask whether he is there.
_OF_HIS_PLACE = ("definition", "staff", "president")
# Asked of a person with yes or no, these ask who that is.
_OF_WHOM = (None, "definition", "existence", "members", "alone", "joining", "management")
# Asked with "older" or "more", these compare the types where none is named.
_COMPARABLE = ("count", "funding", "date", "best", "difference", "types", "definition", None)
_COMPARED = ("count", "funding")  # what "more than" compares by
_FRAGMENT = 3  # words of a question that is no sentence
_BRIEF = 6  # words of a question that leans on the one before it
# Asked of what was said last, where nothing is named ("is that still right?").
_OF_WHAT_WAS_SAID = ("update", "year")
# Attributes asked of the bulletin, where the topic named has no such fact.
_OF_THE_BULLETIN = ("author", "summary", "reference")
# Attributes that, asked of clusters in the archipelago, mean "existence".
_MEANING_EXISTENCE = ("count", "example")
# Attributes asked of the body spoken of, not of CACIMA, where nothing is named.
_OF_A_BODY = ("contact", "phone", "address", "hours", "spoken_language", "staff", "link")
_OF_THE_PLACE = ("aims",)  # asked of a type there, what the bulletin says of the archipelago answers
_LISTING = ("sectors", "members", "suits")  # attributes whose facts list what a type is for
_CHAMBER = "cacima"
_HERE = "saint_pierre_et_miquelon"
# Attributes read in "which type is the biggest?", which means "count".
_MEANING_COUNT = ("best", "size", "sectors")
# Stems of words for the types of clusters.
_KINDS = {"type", "sorte", "categorie", "kind", "sort", "category"}
# Asked of a part, whatever is said of that part answers.
_SHOWN_BY_A_PART = ("example", "names", "definition")


class Resolver:
    """Settles what is asked and of what."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._companies = {stem(fold(word)) for word in base.values["company"].words.all()}
        self._nouns = {topic: {stem(fold(noun)) for noun in known.nouns.all()} for topic, known in base.topics.items()}

    def resolve(self, question: Question, state: State) -> Question:
        """The question with its attribute and topics, as far as they can be told."""
        said = {*question.topics, *question.hinted, *([question.described] if question.described else [])}
        for step in (
            self._limited,
            self._attribute,
            self._pointed_at,
            self._place,
            self._topics,
            self._part,
            self._compared,
        ):
            question = step(question, state)
        return dataclasses.replace(question, inherited=not said & set(question.topics))

    def _is_general(self, topic: str) -> bool:
        return self._base.topics[topic].is_general

    def _is_type(self, topic: str) -> bool:
        return self._base.topics[topic].kind == "cluster_type"

    @staticmethod
    def _names_types(question: Question) -> bool:
        """Whether "these" stands before a word for clusters ("ces pôles")."""
        return bool({"pole", "grappe", "cluster", "centre", "center", "network", "reseau"} & set(question.words))

    def _specific(self, topics: Sequence[str]) -> Tuple[str, ...]:
        return tuple(topic for topic in topics if not self._is_general(topic))

    # Step 1: what only limits what is asked.

    def _limited(self, question: Question, state: State) -> Question:
        """A field or a kind of member ("fishing", "local authorities") named beside something else, or of what was
        spoken of, limits what is asked of that: "is fishing in it?", "which of the two takes local authorities?"."""
        values = [name for name, value in self._base.values.items() if value.topic in question.topics]
        named = {self._base.values[name].topic for name in values}
        others = tuple(topic for topic in question.topics if topic not in named)
        parents = tuple(parent for parent in (self._base.topics[str(t)].parent for t in named) if parent)
        of_them = "of_them" in question.points_at and len(state.listed) > 1
        spoken_of = tuple(t for t in state.topics if self._is_type(t) or t in ("cluster", _HERE)) or parents
        if not values or not (others or of_them or spoken_of) or question.attribute == "count":
            return question
        attribute = question.attribute
        of_it = bool({"it", "they"} & set(question.points_at))
        brief = of_it or len(question.words) <= _FRAGMENT
        if attribute == "definition" and (of_them or (brief and question.form == YES_NO)):
            attribute = "members" if of_them else None  # "is fishing in it?"
        whether = question.form == YES_NO or of_it  # "does it take fishing too?"
        if attribute is None and not whether and state.attribute not in _LISTING:
            return question  # "and fishing?"
        own = not of_them and any(self._base.has(str(topic), str(attribute or "definition")) for topic in named)
        if own and not (attribute is None and not others):
            return question
        asked = state.listed if of_them else others or spoken_of
        told = any(self._base.has(topic, name) for topic in asked for name in ([attribute] if attribute else HOLDING))
        if not told:
            return question
        form = YES_NO if attribute is None and (question.bare or of_it) else question.form
        ranked = ["main"] if question.by is not None and attribute == "sectors" else []  # "is fishing larger?"
        limits = tuple(dict.fromkeys([*question.narrowed_by, *values, *ranked]))
        attribute = state.attribute if attribute is None and state.attribute in _LISTING else attribute
        return dataclasses.replace(
            question, topics=others, narrowed_by=limits, attribute=attribute, form=form, hinted=(), described=None
        )

    # Step 2: what is asked.

    def _attribute(self, question: Question, state: State) -> Question:
        """What was asked before, where only another topic or another limit is named; or what the bot asked about."""
        question = self._here(self._of_a_kind(self._of_a_bound(question, state), state), state)
        compared = str(question.by or "").partition(":")[0]
        if question.attribute is None and compared:
            return dataclasses.replace(question, attribute=compared)  # "which came first?"
        in_all = question.reckon == "total" or (question.reckon == "sum" and "both" in question.points_at)
        if in_all and state.part is not None and len(question.words) <= _FRAGMENT:
            return dataclasses.replace(question, attribute=state.attribute)  # "total?", of two calls
        if question.attribute is not None:
            return question
        if state.awaits is not None:
            form = state.form if question.form == OPEN else question.form
            return dataclasses.replace(question, attribute=state.awaits, form=form)
        names = question.topics or question.described or question.hinted
        attribute = state.attribute
        bodies = attribute == "update" and bool(names) and self._are_bodies(self._named(question))
        counted_off = any(pointer.startswith("#") for pointer in question.points_at) and attribute == "difference"
        named = bool(names) or counted_off  # "and the fourth one?", after two were compared
        if attribute in (None, *_NOT_REPEATED) and not bodies:  # "does the APCMA still exist? and the CGET?"
            if not named and attribute is not None and question.narrowed_by:
                return dataclasses.replace(question, attribute=attribute)
            attribute = "definition" if named else attribute
        elif names and not bodies and not self._answers_again(question, str(attribute)):
            thing = all(self._is_of_a_place(topic) for topic in self._named(question))
            attribute = "definition" if question.bare or thing else attribute  # "what about fishing?"
        again = attribute == state.attribute
        form = state.form if question.form == OPEN and again else question.form
        topics = question.topics
        about = self._is_about(state.topics, str(attribute), question)  # "and the craft ones?", of companies
        if again and not (topics or question.points_at or about):
            # The topic is what changes: "the competitiveness ones".
            topics = tuple(t for t in question.hinted[:1] if self._base.has(t, str(attribute))) or topics
        return dataclasses.replace(question, attribute=attribute, form=form, topics=topics)

    def _here(self, question: Question, state: State) -> Question:
        """“And here?”, “how many are there here?” ask whether the archipelago has one of the type spoken of; “are there
        service companies here?”, what companies it has."""
        types = tuple(topic for topic in state.topics if self._is_type(topic))
        here = (question.topics or question.hinted) == (_HERE,) and not question.narrowed_by
        if question.topics == (_HERE,) and question.attribute == "existence" and self._companies & set(question.words):
            fields = tuple(name for name in question.narrowed_by if name != "company")
            return dataclasses.replace(question, attribute="sectors", form=YES_NO, narrowed_by=fields)
        brief = len(question.words) <= _FRAGMENT and state.attribute in (*_MEANING_EXISTENCE, "definition")
        again = question.attribute is None and state.awaits is None and brief
        if not (here and types and (again or question.attribute in ("existence", "count"))):
            return question
        found = dataclasses.replace(question, attribute="existence", described=None, hinted=())
        return dataclasses.replace(found, topics=(_HERE, *types))

    def _of_a_kind(self, question: Question, state: State) -> Question:
        """“Only for charities?” asks whom what was spoken of is for, “and schools?” whether that tells of them."""
        kinds = {self._base.values[name].kind for name in question.narrowed_by}
        asked = question.topics or state.topics
        again = question.attribute is None or len(question.words) <= _FRAGMENT
        brief = question.bare or (again and not question.topics)
        if kinds == {"place"} and state.form == YES_NO and len(question.words) <= _FRAGMENT and not question.topics:
            value = self._whether_it_tells_of(dataclasses.replace(question, attribute=None), state)
            return value if value.attribute else question  # "even overseas?", after a yes
        if not (brief and asked and kinds & {"member", "activity"}):
            return question
        if not question.only:
            return self._whether_it_tells_of(question, state)
        for attribute in ("members", "suits"):
            if any(self._base.has(topic, attribute) for topic in asked):
                form = YES_NO if question.form == OPEN else question.form
                return dataclasses.replace(question, attribute=attribute, form=form, described=None, hinted=())
        return question

    def _whether_it_tells_of(self, question: Question, state: State) -> Question:
        """Asks with yes or no of a value named alone, where what was asked before is limited by none."""
        if question.attribute is not None or question.topics or state.attribute in LIMITED or len(state.topics) != 1:
            return question
        if question.form not in (OPEN, YES_NO) or state.attribute is None:
            return question
        topic = state.topics[0]
        again = self._base.facts_of(topic, state.attribute)
        if any(set(fact.about) & set(question.narrowed_by) for fact in again):
            return question
        broader = {one for name in question.narrowed_by for one in self._base.with_broader(name)}
        for names in (set(question.narrowed_by), broader - set(operators.GENERIC)):
            for attribute in dict.fromkeys((state.attribute, *HOLDING)):
                facts = self._base.facts_of(topic, attribute)
                if any(operators.tells_of(fact, names, self._base) for fact in facts):
                    changed = dataclasses.replace(question, attribute=attribute, form=YES_NO)
                    return dataclasses.replace(changed, topics=(topic,), described=None, hinted=())
        return question

    def _of_a_bound(self, question: Question, state: State) -> Question:
        """“More than a hundred?”, “more than competitiveness clusters?” ask of the number just said."""
        if not question.bound or not state.topics or state.attribute is None or len(question.words) > _BRIEF:
            return question
        measured = [fact for topic in state.topics for fact in self._base.facts_of(topic, state.attribute)]
        if not any(fact.value.all_numbers() for fact in measured):
            return question
        named = self._specific(question.topics)
        if question.numbers and not named:
            return dataclasses.replace(question, attribute=state.attribute, form=YES_NO, topics=state.topics)
        if named and not question.numbers and state.attribute in _COMPARED:
            topics = tuple(dict.fromkeys([*state.topics, *named]))
            return dataclasses.replace(question, attribute=state.attribute, topics=topics, by=f"{state.attribute}:last")
        return question

    @staticmethod
    def _named(question: Question) -> Tuple[str, ...]:
        """The topics named, else the one described, else the one hinted at."""
        return question.topics or ((question.described,) if question.described else question.hinted[:1])

    def _answers_again(self, question: Question, attribute: str) -> bool:
        topics = self._named(question)
        silent = not any(self._base.has(topic, attribute) for topic in self._base.topics)
        themes = any(self._base.topics[topic].kind == "theme" for topic in topics)
        return silent or themes or any(self._base.has(topic, attribute) for topic in topics)

    # Step 3: what is pointed at.

    def _pointed_at(self, question: Question, state: State) -> Question:
        """Ordinals and "both" over what was listed, "the other one", "which of them", "she"."""
        question = self._set_aside(self._by_number(self._of_types(self._of_its_type(question), state), state), state)
        question = self._chosen_from(question, state)
        known = tuple(topic for topic in state.topics if self._is_type(topic))
        if question.reckon == "each" and question.topics == ("cluster",) and known:
            return dataclasses.replace(question, topics=known)  # "how much per cluster?", of grappes
        if question.attribute == "difference" and question.topics == ("cluster",) and known:
            return dataclasses.replace(question, topics=("cluster", *known))  # "is that the same as a cluster?"
        specific = self._specific(question.topics)
        if question.by is not None and len(specific) == 1:
            types = [topic for topic in question.hinted if self._is_type(topic)]
            if "than" in question.points_at:
                types = [*state.topics, *types]
            elif {"it", "they"} & set(question.points_at) and state.topics and self._is_type(specific[0]):
                # "is it older than the grappes?"
                pair = [state.topics[0], *specific] if _sets_against(question) else [*specific, state.topics[0]]
                return dataclasses.replace(question, topics=tuple(dict.fromkeys(pair)))
            if question.either and not types:  # "were the pôles created before or after?"
                types = [topic for topic in state.topics if self._is_type(topic) and topic not in specific]
            return dataclasses.replace(question, topics=tuple(dict.fromkeys([*specific, *types[:1]])))
        person = self._person(question, state) or self._still_there(question, state)
        if person and question.form == YES_NO and person not in specific:  # "is he at CACIMA?"
            kept = "definition" if question.attribute in _OF_WHOM else question.attribute
            of = (person, *specific) if kept in _OF_HIS_PLACE else (person,)
            return dataclasses.replace(question, topics=of, attribute=kept, hinted=(), described=None)
        if specific:
            return question
        pointed = self._by_noun(question, state) or self._by_pointers(question.points_at, state, question)
        silent = bool(pointed) and not any(self._base.has(topic, str(question.attribute)) for topic in pointed)
        if not pointed or (silent and self._are_bodies(pointed) and question.hinted and question.attribute):
            return question  # "which other territories does he name?" is hardly of him
        counted = tuple(name for name in question.points_at if not name.startswith("#"))  # what they count is found
        return dataclasses.replace(question, topics=pointed, points_at=counted)

    def _chosen_from(self, question: Question, state: State) -> Question:
        """“Who runs it, the ISM or the DGE?” asks of the type spoken of, not of the bodies to choose from."""
        specific = self._specific(question.topics)
        types = [topic for topic in state.topics if self._is_type(topic)]
        told = len(types) == 1 and self._base.facts_of(types[0], str(question.attribute))
        if not (question.either and specific and self._are_bodies(specific) and told):
            return question
        return dataclasses.replace(question, topics=(types[0], *specific))

    def _by_number(self, question: Question, state: State) -> Question:
        """“Are the 558 still right?” asks of the one topic whose number that is."""
        if question.years and question.form == YES_NO and question.attribute in (None, "definition", "year"):
            question = dataclasses.replace(question, attribute="date")
        yearly = self._of_a_sum_a_year(question, state) if question.yearly else None
        if yearly is not None:
            return yearly
        if self._specific(question.topics) or not question.numbers:
            return question
        if "they" in question.points_at and any(self._base.has(t, str(question.attribute)) for t in state.topics):
            return question  # "and there are 126 of them?"
        told = [fact for topic in state.topics for fact in self._base.facts_of(topic, str(question.attribute))]
        if question.attribute == state.attribute and any(fact.value.all_numbers() for fact in told):
            return question  # "I thought 60,000", of the number just said
        facts = [fact for topic in self._base.topics.values() for fact in topic.facts]
        meant = [f for f in facts if set(f.value.all_numbers()) & {n for n in question.numbers if n > 6}]
        here = [fact for fact in meant if fact.topic in state.topics]
        if here and question.attribute in _OF_WHAT_WAS_SAID:
            return question  # "is there anything newer than the 558?", of what was just said
        meant = here or meant
        if len({fact.topic for fact in meant}) != 1:
            return question
        attribute = meant[0].attribute if question.attribute in (None, "definition") else question.attribute
        return dataclasses.replace(question, topics=(meant[0].topic,), attribute=attribute)

    def _of_a_sum_a_year(self, question: Question, state: State) -> Optional[Question]:
        """“20 million a year, a scandal!” asks whether that sum was paid each year, and no price."""
        topics = self._specific(question.topics) or state.topics
        paid = [fact for topic in topics for fact in self._base.topics[topic].facts if fact.value.euros is not None]
        meant = [fact for fact in paid if fact.value.euros in question.numbers]
        if not meant:
            return None
        return dataclasses.replace(
            question, topics=(meant[0].topic,), attribute=meant[0].attribute, form=YES_NO, narrowed_by=()
        )

    def _of_types(self, question: Question, state: State) -> Question:
        """“Which types are not national?” asks of clusters in general; of one that is described, what it is.

        “Which kind is the biggest?” asks how many there are, “how many types are there?” which they are.
        """
        if str(question.by).startswith(":") and question.attribute in _MEANING_COUNT and _KINDS & set(question.words):
            return dataclasses.replace(question, attribute="count")
        counted = question.form == HOW_MANY and question.attribute == "count" and not question.topics
        if counted and set(question.words) & _KINDS and not question.narrowed_by:
            return dataclasses.replace(question, attribute="types", topics=("cluster",), hinted=(), described=None)
        again = "they" in question.points_at and not question.topics and state.attribute == "types"
        if question.attribute == "names" and again:  # "can you list them?"
            return dataclasses.replace(question, attribute="types", topics=("cluster",), form=OPEN)
        chosen = question.form == WHICH and "of_them" in question.points_at and len(question.topics) == 1
        if (
            chosen
            and self._is_type(question.topics[0])
            and not self._base.has(question.topics[0], str(question.attribute))
        ):
            return dataclasses.replace(question, attribute="definition")  # "which of those are private?"
        if question.attribute == "types" and question.form == OPEN and self._describes_a_type(question):
            return dataclasses.replace(question, attribute="definition", topics=(str(question.described),))
        of_types = question.form == WHICH and _KINDS & set(question.words)
        if not of_types or question.topics or question.attribute not in ("level", "label"):
            return question
        return dataclasses.replace(question, topics=("cluster",), hinted=(), described=None)

    def _describes_a_type(self, question: Question) -> bool:
        return question.described is not None and self._is_type(question.described)

    def _set_aside(self, question: Question, state: State) -> Question:
        """ "Besides the FUI, who else?", "what other funders?" ask of what has the FUI among others, where nothing else
        is named."""
        if not question.besides or self._specific(question.topics):
            return question
        question = dataclasses.replace(question, denies=question.denies or state.topics)
        types = [topic for topic in self._base.topics.values() if topic.kind == "cluster_type"]
        facts = [f for topic in types for f in topic.facts if set(question.denies) & set(f.value.topics)]
        facts.sort(key=lambda fact: fact.attribute != question.attribute)
        if not facts or question.attribute not in (None, "definition", "calls", facts[0].attribute):
            return question
        return dataclasses.replace(question, topics=(facts[0].topic,), attribute=facts[0].attribute)

    def _by_pointers(self, pointers: Sequence[str], state: State, question: Question) -> Tuple[str, ...]:
        listed = state.listed
        places = [int(pointer[1:]) for pointer in pointers if pointer.startswith("#")]
        if question.by is not None and len(places) == 1:
            places = []  # "which came first?" chooses none of them
        if (places or "both" in pointers) and state.part is not None:
            return ()  # "and in the second one?", "both together?", of two calls
        if any(place >= len(listed) for place in places):
            listed = state.enumerated  # "and the fourth one?", after two of six were compared
        chosen = [listed[place] for place in places if -len(listed) <= place < len(listed)]
        if chosen:
            return tuple(dict.fromkeys(chosen))
        person = self._person(question, state)
        if person:
            return (person,)
        if "they" in pointers and state.before and not any(self._is_type(topic) for topic in state.topics):
            return state.before if all(self._is_type(t) for t in state.before) and self._names_types(question) else ()
        if "both" in pointers and len(listed) > 1:
            return listed[-2:]
        if "other" in pointers:
            others = [topic for topic in listed[-2:] if topic not in state.topics]
            return tuple(others[:1]) or state.before
        around = (*question.topics, *state.topics)
        told = any(self._is_general(t) and self._base.has(t, str(question.attribute)) for t in around)
        limited = bool(question.narrowed_by or question.numbers or question.negated or question.by)
        of_one = len(state.topics) == 1 and len(state.listed) < 2 and not limited  # "and which themes?"
        told |= of_one and self._base.has(state.topics[0], str(question.attribute))
        placed = any(self._base.topics[topic].kind == "place" for topic in question.topics)
        described = question.described is not None and not self._describes_a_type(question)
        compared = question.by is not None and question.attribute in _COMPARABLE and not (placed or described)
        compared = compared and question.reckon != "gap"  # "how many fewer is that?", of what was just said
        if state.part is not None and question.by is not None:
            return state.topics  # "which one was bigger?", of two calls
        if question.by is None and any(self._base.topics[topic].kind == "theme" for topic in state.topics):
            return ()  # "four, you said? which ones?", of a theme
        if ("of_them" in pointers and "it" not in pointers and not told) or compared:
            types = tuple(self._base.facts_of("cluster", "types")[0].value.topics)
            ranked = question.attribute == "best" and question.by is None  # "which one is easiest?" of no list
            return listed if len(listed) > 1 else ("cluster",) if ranked else types
        return ()

    def _by_noun(self, question: Question, state: State) -> Tuple[str, ...]:
        """“Who manages that fund?” asks of what is called so and was spoken of, or named in what was just said."""
        if not question.nouns:
            return ()
        facts = [fact for topic in state.topics for fact in self._base.topics[topic].facts]
        facts.sort(key=lambda fact: fact.id not in state.said)  # what was just said first
        near = (*state.topics, *(topic for fact in facts for topic in fact.value.topics), *state.before)
        return next(((topic,) for topic in near if self._nouns[topic] & set(question.nouns)), ())

    def _person(self, question: Question, state: State) -> Optional[str]:
        """The person last named whom "he" or "she" means."""
        for pointer, gender in (("she", "feminine"), ("he", "masculine")):
            people = [p for p in state.people if self._base.topics[p].gender == gender]
            if pointer in question.points_at and people:
                return people[0]
        return None

    def _still_there(self, question: Question, state: State) -> Optional[str]:
        """The person spoken of, asked after with a body ("il est toujours à CCI France ?")."""
        asked = question.attribute in ("update", "staff", "president") and self._are_bodies(
            self._specific(question.topics)
        )
        person = len(state.topics) == 1 and self._base.topics[state.topics[0]].kind == "person"
        return state.topics[0] if person and asked else None

    # Step 4: a place beside a topic limits it.

    def _place(self, question: Question, state: State) -> Question:
        """The archipelago named beside something else is where, not what."""
        specific = self._specific(question.topics)
        places = [topic for topic in question.topics if topic == _HERE]
        clusters = any(topic == "cluster" or self._is_type(topic) for topic in question.topics)
        counted = [name for name in question.narrowed_by if name not in ("alone", "spm")]
        if places and clusters and question.attribute in _MEANING_EXISTENCE and not counted:
            question = dataclasses.replace(question, attribute="existence")
        activities = all(self._base.topics[topic].kind == "concept" for topic in specific)
        if places and "cluster" in question.topics and activities and question.attribute == "existence":
            return dataclasses.replace(question, topics=(_HERE, "cluster"))  # "a fishing cluster here?"
        if not specific or not places:
            return question
        if any(self._is_type(topic) for topic in specific) and question.attribute == "existence":
            elsewhere = [topic for topic in specific if self._base.topics[topic].kind == "place"]
            return dataclasses.replace(question, topics=tuple(elsewhere) or (*places, *specific))
        facts = self._base.facts_of(places[0], str(question.attribute))
        own = question.attribute in _OF_THE_PLACE and all(map(self._is_type, specific))
        if facts and (own or not any(self._base.has(topic, str(question.attribute)) for topic in specific)):
            return dataclasses.replace(question, topics=(*places, *specific))
        narrowed = question.narrowed_by if question.narrowed_by else ("spm",)
        return dataclasses.replace(question, topics=specific, narrowed_by=narrowed)

    # Step 5: of what.

    def _topics(self, question: Question, state: State) -> Question:
        question = self._otherwise(question, state)
        attribute = str(question.attribute) if question.attribute else "definition"
        meant = self._meant(question, attribute, state)
        if not (question.topics or question.described) and meant == state.topics:
            meant = self._or_spoken_of_before(question, attribute, state)
        return dataclasses.replace(question, topics=meant)

    def _or_spoken_of_before(self, question: Question, attribute: str, state: State) -> Tuple[str, ...]:
        """The topics spoken of; the one before them, where only of that one is there something to say."""
        compared = question.by is not None  # "is that the biggest theme?"
        if compared or "they" in question.points_at or any(self._base.has(t, attribute) for t in state.topics):
            return state.topics
        bodies = self._are_bodies(state.topics)  # then that no source tells it of a type is an answer too
        told = [t for t in state.before if any(bodies or not f.absent for f in self._base.facts_of(t, attribute))]
        return tuple(told) if len(told) == 1 else state.topics

    def _otherwise(self, question: Question, state: State) -> Question:
        """“By whom?”, of what was spoken of and nobody wrote, asks who runs it; “could I join one?”, whom it is for."""
        known = self._base.attributes.get(str(question.attribute))
        named = self._named(question)
        brief = len(question.words) <= _FRAGMENT or question.form == YES_NO
        if known is None or known.otherwise is None or self._specific(named) or not brief:
            return question
        told = any(self._base.facts_of(topic, str(question.attribute)) for topic in state.topics)
        asked = any(self._base.has(topic, known.otherwise) for topic in state.topics)
        return dataclasses.replace(question, attribute=known.otherwise) if asked and not told else question

    def _meant(self, question: Question, attribute: str, state: State) -> Tuple[str, ...]:
        """Named, described, spoken of, hinted at, or the only one of which that can be asked; empty: no telling."""
        specific = self._specific(question.topics)
        if specific:
            return self._of_the_named(question, specific, attribute)
        defined = question.topics and attribute == "definition"  # "c'est quoi, un cluster ?" points at nothing
        points = "they" in question.points_at or ("it" in question.points_at and not defined)
        of = self._base.attributes[attribute].of if attribute in self._base.attributes else None
        spoken_of = self._spoken_of(question, attribute, state)
        around = tuple(topic for topic in spoken_of if self._is_general(topic)) if question.topics else ()
        general = self._one_of_the_general((*question.topics, *around), attribute)
        holds = self._base.facts_of if of else self._base.has
        told = any(holds(topic, attribute) for topic in spoken_of)
        hinted = tuple(t for t in question.hinted[:1] if self._base.has(t, attribute))
        if attribute in _OF_WHAT_WAS_SAID and spoken_of and not (question.topics or question.described):
            return spoken_of
        if self._is_about(spoken_of, attribute, question) and not question.topics:
            return spoken_of
        kept = points and told and spoken_of != ("cluster",) and attribute != "definition"
        if question.described and not (general and attribute in ("types", "existence")) and not kept:
            return (question.described,)
        among = self._among_those_spoken_of(question, attribute, spoken_of, hinted) if not points else ()
        if among:
            return among
        listing = attribute in ("types", "level", "label")
        if (
            question.topics == ("cluster",)
            and hinted
            and not listing
            and self._base.topics[hinted[0]].kind == "cluster_type"
        ):
            return hinted
        if general and not (points and told and spoken_of != general):
            return general
        silent = not any(self._base.has(topic, attribute) for topic in self._base.topics)
        if question.topics == ("cluster",) and silent and all(map(self._is_type, spoken_of)) and spoken_of:
            return spoken_of  # "per cluster?", of grappes
        unlike = question.topics == ("cluster",) and not any(map(self._is_type, spoken_of))
        if unlike and (not points or ("they" in question.points_at and self._names_types(question))):
            return hinted or question.topics
        if question.topics and not points:
            return hinted or (spoken_of if told else self._fallback(question, of))
        body = attribute in _OF_A_BODY and any(self._base.topics[topic].kind == "body" for topic in spoken_of)
        of_the_chamber = attribute in (*_OF_A_BODY, "services", "aims") and _CHAMBER in question.hinted
        if of_the_chamber and not set(spoken_of) & set(question.hinted):
            return (_CHAMBER,)  # "whom do I write to at the chamber?"
        if spoken_of and (told or points or not hinted) and (body or not (of and not told and not points)):
            return spoken_of
        about = tuple(t for t in self._base.topics if self._is_about((t,), attribute, question))
        if len(about) == 1 and not hinted:
            return about  # "what is the main sector?"
        return hinted or ((of,) if of else ()) or spoken_of or question.hinted[:1] or question.topics[:1]

    def _is_hinted_type(self, question: Question) -> bool:
        return bool(question.hinted) and self._is_type(question.hinted[0]) and self._names_types(question)

    def _of_its_type(self, question: Question) -> Question:
        """ "Who funds the projects of the pôles?" describes the answer, the FUI, and asks of the type hinted at."""
        for topic in question.hinted if question.described and not question.topics else ():
            facts = self._base.facts_of(topic, str(question.attribute)) if self._is_type(topic) else []
            if any(question.described in fact.value.topics for fact in facts):
                return dataclasses.replace(question, topics=(topic,), described=None)
        return question

    def _of_the_named(self, question: Question, specific: Tuple[str, ...], attribute: str) -> Tuple[str, ...]:
        """Of the topics named, those that are asked about."""
        if question.topics[0] == _HERE:
            if attribute in _OF_THE_PLACE and all(map(self._is_type, specific)):
                return (_HERE,)
            return question.topics if attribute == "existence" else specific
        if attribute == "difference" and "cluster" in question.topics:
            return ("cluster", *specific)
        if question.form == YES_NO and "bulletin" in question.topics and attribute in ("definition", "existence"):
            return ("bulletin", *specific)  # "does the bulletin mention ACOA?"
        of = self._base.attributes[attribute].of if attribute in self._base.attributes else None
        places = all(self._base.topics[topic].kind == "place" for topic in specific)
        if of == _CHAMBER and places and not any(self._base.has(topic, attribute) for topic in specific):
            return (_CHAMBER,)  # "who can help with business in Canada?"
        return self._told_by(question, specific, attribute) or self._precise(specific, attribute)

    def _among_those_spoken_of(
        self, question: Question, attribute: str, spoken_of: Tuple[str, ...], hinted: Tuple[str, ...]
    ) -> Tuple[str, ...]:
        """A type hinted at, of clusters in general ("just the competitiveness ones"); the types spoken of, where one
        for an activity is looked for ("is there one for the sea?"); else empty."""
        if hinted and self._is_type(hinted[0]) and spoken_of == ("cluster",) and not question.narrowed_by:
            return hinted
        activities = [name for name in question.narrowed_by if self._base.values[name].kind == "activity"]
        sought = attribute == "existence" and not question.topics and activities
        return spoken_of if sought and all(map(self._is_type, spoken_of)) else ()

    def _told_by(self, question: Question, specific: Sequence[str], attribute: str) -> Tuple[str, ...]:
        """The bulletin, asked who wrote of a topic; clusters, asked how a person defines one; the person, asked whether
        he still works somewhere; else empty."""
        persons = tuple(topic for topic in specific if self._base.topics[topic].kind == "person")
        if persons and attribute == "update":
            return persons
        person = bool(persons)
        unsigned = bool(specific) and not any(self._base.has(topic, attribute) for topic in specific)
        if attribute in _OF_THE_BULLETIN and unsigned and not person:
            return ("bulletin",)
        return ("cluster",) if person and attribute == "definition" and "cluster" in question.topics else ()

    def _spoken_of(self, question: Question, attribute: str, state: State) -> Tuple[str, ...]:
        """The topics spoken of; those before them, where the last was but a place, or a thing of it, of which that
        cannot be asked."""
        silent = not any(self._base.has(topic, attribute) for topic in state.topics)
        if silent and attribute == "author" and question.hinted:
            return question.hinted[:1]  # "who wrote the article in that issue?", after a fund
        if self._is_hinted_type(question) and len(state.topics) > 1 and question.hinted[0] in state.topics:
            return question.hinted[:1]  # "and the pôles, today?", after several were compared
        if silent and self._is_hinted_type(question) and not any(map(self._is_type, state.topics)):
            return ()  # "the evaluations of the pôles?", after a fund
        wholes = tuple(self._base.topics[t].parent for t in state.topics if self._base.topics[t].kind == "theme")
        if (
            silent and wholes and not question.topics and question.by is None
        ):  # "whom to contact?", of one theme of the craft centres
            return tuple(whole for whole in wholes[:1] if whole)
        points = {"it", "they"} & set(question.points_at)
        if state.attribute in _OF_A_BODY and self._are_bodies(state.topics) and silent and not points:
            # "which calls are there?", after whom to write to
            personal = attribute in _OF_A_BODY  # somebody else's number is not what is asked for
            return () if personal else tuple(topic for topic in state.before if self._base.has(topic, attribute))
        place = all(self._is_of_a_place(topic) for topic in state.topics)
        if state.topics == (_HERE,) and silent and attribute in ("label", "level", "calls") and not state.before:
            return ()  # "who gives the label?", after the archipelago
        if state.topics and place and state.before and not question.topics and set(question.points_at) <= {"they"}:
            asked = any(self._base.has(topic, attribute) for topic in state.topics)
            return state.topics if asked else state.before
        return state.topics

    def _are_bodies(self, topics: Sequence[str]) -> bool:
        return all(self._base.topics[topic].kind in ("body", "person") for topic in topics)

    def _is_of_a_place(self, topic: str) -> bool:
        """Whether a topic is a place or, as fisheries are, something of one."""
        known = self._base.topics[topic]
        parent = self._base.topics[known.parent] if known.parent and known.kind == "concept" else known
        return parent.kind == "place"

    def _is_about(self, topics: Sequence[str], attribute: str, question: Question) -> bool:
        """Whether what was spoken of has a fact about just what limits the question ("and what share is crafts?")."""
        meant = {one for name in question.narrowed_by for one in self._base.with_broader(name)} - {"company"}
        facts = [fact for topic in topics for fact in self._base.facts_of(topic, attribute)]
        if attribute in _SHOWN_BY_A_PART:
            facts = [fact for topic in topics for fact in self._base.topics[topic].facts]
        return any(set(fact.about) & meant for fact in facts)

    def _one_of_the_general(self, topics: Sequence[str], attribute: str) -> Tuple[str, ...]:
        """Of the archipelago and clusters in general, the one meant: a cluster is defined, a place is asked of."""
        known = [topic for topic in topics if self._base.facts_of(topic, attribute)]
        first = "cluster" if attribute in ("definition", "types", "difference") else _HERE
        return (first,) if first in known else tuple(known)

    def _fallback(self, question: Question, of: Optional[str]) -> Tuple[str, ...]:
        return (of,) if of and of not in question.topics else tuple(question.topics[:1])

    def _precise(self, topics: Tuple[str, ...], attribute: str) -> Tuple[str, ...]:
        """Of a part and its whole named together, the one of which there is something to say."""
        parents = {self._base.topics[topic].parent for topic in topics}
        parts = [topic for topic in topics if topic not in parents]
        if len(parts) == len(topics):
            return topics
        answering = tuple(topic for topic in parts if self._base.facts_of(topic, attribute))
        return answering or tuple(topic for topic in topics if topic in parents)

    # Step 6: which part of it.

    def _part(self, question: Question, state: State) -> Question:
        """The part that is counted off ("the 2nd", "the next one"), or still the one spoken of, where none is named."""
        if any(self._base.values[name].kind == "part" for name in question.narrowed_by) or len(question.topics) != 1:
            return question
        parts = self._base.parts_of(question.topics[0])
        same = question.topics == state.topics
        if not parts or (question.years and not state.part):
            return question
        places = [int(pointer[1:]) for pointer in question.points_at if pointer.startswith("#")]
        at = parts.index(state.part) if state.part in parts else 0
        places += [at + step for name, step in (("next", 1), ("previous", -1)) if name in question.points_at]
        meant = [parts[place] for place in places if -len(parts) <= place < len(parts)]
        if "both" in question.points_at and question.reckon and not meant:
            meant = parts[:2]  # "both calls together?"
        if question.reckon in ("sum", "total") and same and state.part in parts and not meant:
            meant = parts[:2]  # "so how much in all?", after one of two calls
        if meant and same and state.part in parts and (question.by or question.bound):
            meant = [str(state.part), *meant]  # "is that less than the first?"
        if question.by is not None and same and state.part is not None and not meant:
            meant = parts  # "which one was bigger?", after one of two calls
        asked_ahead = question.attribute in ("deadline", "open_calls")
        if not meant and same and state.part in parts and len(question.words) <= _BRIEF and not asked_ahead:
            meant = [str(state.part)]
        return dataclasses.replace(question, narrowed_by=(*question.narrowed_by, *dict.fromkeys(meant)))

    # Step 7: with what it is compared.

    def _compared(self, question: Question, state: State) -> Question:
        """A difference asked of one type is the difference from the one spoken of; "which is older?" asks of all."""
        if question.attribute == "difference" and len(question.topics) == 1:
            other = [t for t in state.topics if t not in question.topics and self._base.has(t, "difference")]
            named = bool(self._specific(question.topics))
            levels = {name for name in question.narrowed_by if self._base.values[name].kind == "level"}
            types = [topic for topic in question.hinted if self._is_type(topic)]
            if named and levels and types:  # "regional vs private clusters"
                return dataclasses.replace(question, topics=(types[0], *question.topics))
            if named and types and types[0] not in question.topics:  # "grappe et pôle, la différence ?"
                return dataclasses.replace(question, topics=(*question.topics, types[0]))
            if named and len(other) == 1 and question.topics != state.topics:
                return dataclasses.replace(question, topics=(*other, *question.topics))
        return question


def _sets_against(question: Question) -> bool:
    """Whether what is named is what something is compared with ("is it older than the grappes?")."""
    words = question.words
    asking = {at + 1 for at, word in enumerate(words) if word == "est"}  # "est-ce que"
    return "than" in words or any(word in ("que", "qu") and at not in asking for at, word in enumerate(words))
