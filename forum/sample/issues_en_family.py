"""What people ask on the parental controls board."""

from __future__ import annotations

from forum.sample.content import Issue

ISSUES = (
    Issue(
        board="parental",
        tags=("schedule", "bedtime", "private-address"),
        weight=10,
        titles=(
            "«0»Bedtime {schedule|rule} {ignored|does nothing} since {when}",
            "«0»{kid}'s phone is online at {late} in spite of the schedule",
            "«12»Profile loses {kid}'s phone again and again",
            "«1»New unknown device every {morning|day}, and it's {kid}'s {tablet|phone}",
            "«2»Schedule works for the tablet, not for the phone",
            "«2»{kid}'s phone slips out of its profile",
            "«2»Phone turns up under a new name every week",
        ),
        questions=(
            "The profile for {kid} ends at {bed}. It worked for months; since {when} the phone stays online until {late}. The app shows the profile as *asleep*. {device}, {fw}.",
            "Every few days a \"new device\" appears in the app, without a profile, and it's always {kid}'s phone. I add it, two days later the game starts again. Is {kid} doing something or is it the phone?",
            "How do I stop a device from slipping out of its profile? The tablet is fine, the phone shows up under a different name every week.",
        ),
        answers=(
            """\
The phone changes its hardware address (*private* or *random* address in its Wi-Fi settings), and for the {device} that's a brand new device without a profile.

1. On the phone, Wi-Fi settings of **your** network: *private address* → **off** (or *fixed*).
2. In the app give the device that appears now to the profile, delete the old entries.
3. **Parental controls → New devices → Ask me first.** From now on an unknown device gets nothing until you say so.

Step 3 is the one that holds even if somebody finds the switch from step 1 again.""",
            """\
Random address. Turn on **New devices → Ask me first** and the problem solves itself: a "new" phone has no internet until you've put it into the child's profile. After two evenings the phone was suddenly happy with its fixed address in our house.""",
        ),
        summary="The phone uses a changing private address. Turn that off for your Wi-Fi on the phone, and set Parental controls → New devices → Ask me first so that unknown devices wait for you.",
        partial=(
            "Take the phone away at night. Works offline as well.",
            "Block it by its name, the name stays the same.",
        ),
        asks=(
            ("How many entries does the phone have in the device list by now?", "Seven. All called nearly the same."),
        ),
        followups=(
            ("Will the guests then have to ask me too?", "Not on the guest network, the setting is for the main one."),
        ),
        same=("Same in our house, since the phone's last update.",),
        thanks=(
            "It is private address indeed. {kid} is not amused, I am.",
            "*Ask me first* is on and the nights are quiet. Thanks!",
        ),
        comments=("Seven entries, that's amateur. We had nineteen.",),
        mentions=("@routerly my kid's phone ignores the bedtime schedule since {when}. {device}. Bug or clever kid?",),
    ),
    Issue(
        board="parental",
        tags=("web-filter", "vpn", "dns"),
        weight=9,
        titles=(
            "{kid} gets around the web filter, how?",
            "Filter is on, sites open anyway",
            "«1»Block VPN apps for one profile",
            "«1»{kid} and the free VPN apps",
            "«1»Can the {device} stop VPN for one child?",
            "«0»Games category blocked, games open",
            "«2»Blocked category opens on the {gadget}",
            "«0»Filter works in one browser and not in the other",
        ),
        questions=(
            "The filter category *games* is on for {kid}'s profile, and still the games open. In one browser they're blocked, in another they aren't. How can that be?",
            "I'm fairly sure that {kid} uses one of those free VPN apps. Can the {device} block that for one profile and leave mine alone? I need VPN for work.",
            "Filter set to *under 12*. Yesterday I watched a blocked site open without a murmur on the {gadget}. {fw}, Plus plan.",
        ),
        answers=(
            """\
The filter looks at name look-ups. A browser with its own encrypted DNS, or a VPN app, doesn't ask the {device} at all. Both can be shut for one profile:

- **Parental controls → (profile) → Bypass → Block encrypted DNS**
- **… → Block VPN and proxies**

The browser then falls back to normal look-ups within a few minutes. Your own profile stays as it is.""",
            """\
Under *Bypass* in the profile there are two switches, new in 4.2 and **off** after the update. With both on it doesn't matter which browser is used. Restart the device once, old look-ups stay in its memory for a while.

No filter is perfect. We agreed with ours that the filter is a seat belt, not a prison; helps more than any switch.""",
        ),
        summary="Browsers with encrypted DNS and VPN apps pass the filter by. In the profile open Bypass and turn on Block encrypted DNS and Block VPN and proxies, then restart the device.",
        partial=("Set the DNS on the device by hand to a family one.",),
        asks=(("Does it also happen with mobile data switched off?", "Yes, Wi-Fi only, I made sure."),),
        followups=(
            (
                "Does blocking VPN hurt the school's app?",
                "One school app here needed it. There's an exception list under the switch.",
            ),
        ),
        same=("«0»Second browser here, too.",),
        thanks=(
            "Both switches were off. Blocked in every browser now.",
            "«:1»Seat belt, not prison. I like that. And it works.",
        ),
        comments=("Mobile data is of course beyond any router.",),
        mentions=("@routerly web filter is on and the sites open anyway. How do the kids do it?",),
    ),
    Issue(
        board="parental",
        tags=("web-filter", "school", "allow-list"),
        known_as="school",
        weight=8,
        titles=(
            "«02»Homework {site|page} blocked for {kid}",
            "«2»Allow one video channel under the filter",
            "«1»Only five sites during homework time",
            "«1»Allow list for homework hours, {device}",
            "«1»School days from three to six: only these five sites",
            "«1»Schedule with an allow list, is that possible?",
            "«2»Maths videos blocked by *under 12*",
            "«2»One teacher's channel through the filter",
            "«0»School platform loads without pictures under the filter",
            "«0»{kid} can't hand in homework since the filter is on",
        ),
        questions=(
            "The school's learning page opens but without pictures and the *hand in* button does nothing. With the filter off it works. I added the page to the allow list already.",
            "I'd like to allow exactly five sites for {kid} and nothing else during homework time. Is that possible with schedules?",
            "Filter *under 12* blocks the maths videos that the teacher recommends. How do I let that one through without opening everything?",
        ),
        answers=(
            """\
«0»The page itself is allowed, but its pictures and buttons come from other addresses. The filter tells you which:

1. Open the page on the child's device.
2. App: **(profile) → Blocked lately**. The last few lines are what the page missed.
3. Swipe → *Allow*. Two or three names are usually enough.""",
            """\
«2»One video, or one channel, without opening the whole site:

1. Let the child's device try to play it.
2. App: **(profile) → Blocked lately**, the top entry is the one.
3. Swipe → *Allow* → **This channel only**.

What the teacher adds to that channel later is covered as well, the rest of the site stays shut.""",
            """\
«1»Five sites only: **(profile) → Schedule → Add → Mode: Allow list**, from {three|four} to six on school days. Outside of those hours the normal filter applies.

If something on those sites is missing, *Blocked lately* shows what to add.""",
        ),
        summary="Open the page, then look at Blocked lately in the profile and allow the two or three addresses the page needs. For homework hours add a schedule with Mode: Allow list.",
        thanks=(
            "«0»*Blocked lately*, so that's what it is for! Three entries, homework handed in.",
            "«2»*This channel only*, perfect. Maths can begin, to nobody's delight.",
            "«1»Allow list from three to six. Peace.",
        ),
        partial=("Turn the filter off while homework is being done.",),
        comments=("Sharing the list of entries for common school platforms would be a nice thread.",),
        mentions=("@routerly the filter blocks half of the school's homework page. How do I allow just that?",),
    ),
    Issue(
        board="parental",
        tags=("pause", "profiles"),
        weight=8,
        titles=(
            "«0»*Pause* {doesn't|does not} stop a {video|game} that's running",
            "«1»Pause the internet for dinner, for everybody at once?",
            "«1»One tap to pause all profiles",
            "«1»Dinner pause for the whole {family|house}",
            "«1»Pause five profiles at once?",
            "«2»30 minutes of bonus time gone after ten",
            "«2»How is bonus time counted?",
            "«2»{kid}'s bonus time {melts|runs out early}",
            "«2»Bonus time is used up at once",
            "«0»{kid}'s profile paused, {gadget} still online",
        ),
        questions=(
            "When I tap *Pause* on {kid}'s profile, the video that's playing just continues, sometimes for ten minutes. New pages are blocked. Is that meant to be so?",
            "Can I pause all profiles with one tap, at dinner for instance? At the moment I do it five times and get it wrong once.",
            "I gave {kid} 30 minutes of bonus time and it was gone after ten. What counts?",
        ),
        answers=(
            """\
«01»By default *Pause* lets open connections finish. **Parental controls → Settings → Pause ends connections** makes it immediate. A video may still play what it has buffered, up to a minute.

For dinner: make a **group** (Profiles → Group → *Family*), pause that one. Or use the shortcut on the phone's home screen.""",
            """\
«2»Bonus time counts every device in the profile, so two devices use it twice as fast. Until that changes, put the {gadget} that only hums along in the background into another profile.""",
        ),
        summary="Turn on Parental controls → Settings → Pause ends connections to stop what is running. A group pauses everybody at once; bonus time counts each device in the profile.",
        thanks=("«0»Immediate now. Dinner was loud, but about other things.", "«1»A group! Thank you."),
        partial=("«01»Pull the plug, very effective.",),
        same=("«2»Bonus time puzzled us, too.",),
        comments=("«1»The group works as a widget as well.",),
        mentions=("@routerly I hit pause and the video goes on for ten minutes. That's not a pause",),
    ),
)
