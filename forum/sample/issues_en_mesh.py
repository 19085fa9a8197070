"""What people ask on the Wi-Fi and mesh board, part two: mesh points, roaming, guests, calls and printers."""

from __future__ import annotations

from forum.sample.content import Issue

ISSUES = (
    Issue(
        board="wifi",
        tags=("mesh", "m2", "lights"),
        known_as="lights",
        facts={"points": ("two M2", "three M2")},
        weight=9,
        titles=(
            "«0»M2 blinks {amber|orange} and stays offline since {when}",
            "«0»M2 {lost|no longer finds} the {device} after a power cut",
            "«1»One of {points} is offline, the others are fine",
            "«2»M2 in the {room}: slow {amber|orange} blinking, what does it mean?",
            "«1»Can't re-add an M2 that was {mine|paired} before",
        ),
        questions=(
            "We had a power cut {when}. The {device} came back, the M2 in the {room} didn't: it blinks amber slowly and the app calls it *offline*. Unplugging for a minute does nothing. Do I have to add it again?",
            "I have {points}. One of them shows a slow amber light since {when}; I moved it next to the {device}, still amber. When I try to add it the app says *already belongs to a network*. Well yes, mine!",
            "What does slow amber on the M2 mean? The leaflet only knows white and red. It's the one in the {room}, firmware {fw} on the router.",
        ),
        answers=(
            """\
Slow amber means: *I have power and firmware, but my key doesn't match the router's any more.* It happens when the {device} restarts while the M2 is being updated.

1. In the app: **Mesh → (the M2) → Remove**. If it's not listed, skip this.
2. Hold the pin on the underside of the M2 for **10 seconds** until the light turns red, then let go.
3. Wait for fast white blinking (about 2 minutes).
4. **Mesh → Add**, with the M2 within 3 m of the router.
5. Carry it back to the {room}.

Name and place are remembered if you choose the same room again.""",
            """\
«1»*Already belongs to a network* means that it has to be reset before it can be added, even to its own network. Pin underneath, ten full seconds, count them. With five it only restarts and you're back at amber.

Do it close to the router and bring it back afterwards. It takes three minutes all in all.""",
        ),
        summary="Slow amber means the M2's key no longer matches. Remove it in the app, hold the pin underneath for 10 seconds until red, then add it again within 3 m of the router.",
        partial=(
            "Leave it alone for an hour, mine came back by itself.",
            "Press the button on the back once. That's the WPS button I think?",
        ),
        asks=(
            (
                "Was an update running at the time, by any chance?",
                "Could well be, the app had offered {fw} the evening before.",
            ),
        ),
        followups=(
            (
                "Do the devices in the {room} have to be set up again?",
                "No. Same name and password as the rest of the mesh, they simply come back.",
            ),
        ),
        same=("Happened to me too, after the update to {fw}, without any power cut.",),
        thanks=(
            "Ten seconds! I had only held it for five or so. White light, all good.",
            "Back online, thanks for the steps.",
        ),
        comments=("A paper clip is too thick, a SIM pin works.",),
        mentions=(
            "@routerly M2 in the {room} has been blinking amber since a power cut. Unplugging doesn't help. What now?",
        ),
    ),
    Issue(
        board="wifi",
        tags=("roaming", "mesh"),
        weight=7,
        titles=(
            "«1»{gadget} {sticks|clings} to the far M2 when I walk to the {room}",
            "«0»Roaming: phone stays on the {room2} access point for ages",
            "«0»Calls drop when I {walk|go} from the {room2} to the {room}",
            "«2»How aggressive is roaming between {device} and M2?",
            "«2»Oldest phone won't roam, {fw}",
            "«2»Fast roaming: two phones hop, the oldest one {doesn't|stays put}",
        ),
        questions=(
            "When I walk from the {room2} to the {room} while on a call, the phone holds on to the first access point until the bitter end, then there's a gap of three or four seconds. {device} plus {points}. Can the mesh push it over earlier?",
            "My {gadget} connects to the {room2} although it stands one metre from the M2 in the {room}. Turning its Wi-Fi off and on fixes it until the next day.",
            "Is fast roaming on by default? Two phones hop nicely, the third (the oldest) does not. {device}, {fw}.",
        ),
        answers=(
            """\
The device decides when to move, the mesh can only ask politely. Two settings make it ask louder:

- **Mesh → Roaming → Assisted roaming:** on (this is 802.11k/v)
- **Mesh → Roaming → Sticky devices:** *nudge below -72 dBm*

Then restart the phone's Wi-Fi once so that it learns about it. If the oldest phone gets confused by *Fast transition (802.11r)*, switch that single option off, the other two do most of the work.""",
            """\
Turn the transmit power **down**, odd as that sounds. With *High* you hear the far access point everywhere, so a lazy device sees no reason to move. **Wi-Fi → 5 GHz → Power → Medium** on the {device} did it for us, with no loss of coverage since the M2s fill in.""",
        ),
        summary="Switch on Mesh → Roaming → Assisted roaming and nudge sticky devices below -72 dBm; setting 5 GHz power to Medium helps lazy devices to move.",
        partial=("Give each M2 a different network name, then you can choose yourself.",),
        asks=(
            ("Are the M2s wired or wireless? And is 802.11r on?", "Wireless, and yes, everything under Roaming is on."),
        ),
        same=("My tablet does this, drives me mad.",),
        thanks=(
            "«:1»Medium power, who would have thought. Walks through the house without a gap now.",
            "«:0»802.11r off and the old phone behaves.",
        ),
        comments=("Works here as well.",),
        mentions=("@routerly any way to make my phone let go of the {room2} access point when I walk to the {room}?",),
    ),
    Issue(
        board="wifi",
        tags=("guest-network",),
        weight=7,
        titles=(
            "«0»Guest network: connected, no internet",
            "«0»Guest Wi-Fi without internet since I set {my own|a} DNS",
            "«0»{device}: guests connect and then nothing",
            "«2»{device}: let guests print and nothing else",
            "«2»Printing from the guest network, {device}",
            "«2»Guests {can't|cannot} print, is there a way?",
            "«1»Guest network doesn't reach the {room}",
            "«1»Guest network missing on the M2 in the {room}",
            '«0»Visitors get "no internet" on the guest network of my {device}',
            "«2»Printer for guests without {handing out|giving away} the main password",
        ),
        questions=(
            "Visitors can join the guest network but get *no internet*. On the main network everything is fine. {device}, {fw}. I didn't change anything apart from {the DNS server|a fixed DNS server at home}.",
            "The guest network works downstairs but the M2 in the {room} doesn't offer it, and of course that's where the guests sleep. Is there a setting per M2?",
            "I'd like guests to be able to print (and nothing else). At the moment the printer isn't visible from the guest network at all. Must I really hand out the main password?",
        ),
        answers=(
            """\
«0»The guest network is shut off from everything inside, **including a DNS server inside**. If you have set your own DNS at `192.168.x.x`, guests can't reach it and nothing resolves.

**Guest → Advanced → DNS:** choose *Provider* or a public one, only for guests. The main network keeps yours.""",
            """\
«12»Both live under **Guest → Advanced**:

| you want | switch |
|---|---|
| guest Wi-Fi on every M2 | *Broadcast on mesh points* |
| guests may print | *Allowed devices* → add the printer |
| it should not end at night | *Timer* → off |

*Allowed devices* opens just that one device, guests still don't see the rest of your network.""",
        ),
        summary="Look under Guest → Advanced: set the guests' own DNS, switch on Broadcast on mesh points, and add a printer under Allowed devices.",
        partial=("Guests should use mobile data, problem solved ;)",),
        asks=(("«0»Have you set a DNS server of your own?", "Yes, a little ad blocker at home. Is that it?"),),
        followups=(
            (
                "«2»Is the printer then open to the whole street?",
                "Only to those who know the guest password. Change it after a party.",
            ),
        ),
        thanks=(
            "«0»It was the DNS. Guests are happy, I'm out of excuses.",
            "«2»Printer added, works from the guest room.",
            "«1»Broadcast was off. Guests in the {room} have Wi-Fi now, thanks.",
        ),
        comments=("«2»*Allowed devices* is new in 4.2, before that it really was impossible.",),
        mentions=(
            "@routerly guests can join the guest network on my {device} but get no internet. Main network is fine?",
        ),
    ),
    Issue(
        board="wifi",
        tags=("qos", "video-calls", "latency"),
        weight=8,
        titles=(
            "«0»Calls {stutter|break up} whenever {somebody|anyone} {uploads|backs up photos}",
            "«1»QoS on the {device}: which numbers do I {enter|put in}?",
            "«1»Everything is slower since I switched QoS on",
            "«1»QoS on, {plan} Mbit/s line, now {got}",
            "«2»Lag spikes in the evening, {device} with {isp}",
            "«0»Ping jumps from 15 to 400 ms when the {gadget} downloads",
            "«0»{Is QoS worth it|Do I need QoS} on a {plan} line?",
        ),
        questions=(
            "As soon as the {gadget} downloads something my calls turn to porridge. Ping goes from 15 to 400 ms. {plan} Mbit/s from {isp}, so there should be plenty. {device}. Is this what QoS is for?",
            "I switched on QoS, left the fields empty because I didn't know what to put there, and now everything is slow. What numbers does it want?",
            "Evening lag, cable or Wi-Fi makes no difference. It's fine at 10 in the morning and awful at 8. {device} on {fw}.",
        ),
        answers=(
            """\
That's the modem's queue filling up. QoS keeps the queue in the router, where calls can overtake, but only if the router is a touch **slower** than your line.

1. Measure three times by cable with nothing else running.
2. **Internet → QoS → On**, *Download* and *Upload*: **90 %** of the lowest result. Upload is the one that matters.
3. Under *Priority* choose **Calls and games**.

If you leave the fields empty, {fw} assumes 50/10, which explains a line that suddenly feels slow.""",
            """\
Enter 90 % of what you *measure*, not what the contract says. On my line that's `{got}` up. Then run a call and an upload at the same time: ping should stay under 40 ms.

If it's only bad at 8 in the evening, measure at 8 in the evening. The provider's network is fuller then, and the number has to fit the bad hours.""",
        ),
        summary="Switch on Internet → QoS and enter 90 % of your lowest measured speed (upload matters most), with priority for calls and games. Empty fields make the line slow.",
        partial=("Get a better provider.", "Use a cable. Wi-Fi is never good for calls."),
        asks=(("What are your measured speeds by cable, down and up?", "About {plan} down and {got} up."),),
        followups=(("Does it cost speed for everyone?", "Those ten percent, yes. Nobody in this house has noticed."),),
        same=("«2»Also with {isp}, also at eight. Must be the line.",),
        thanks=("90 % of the upload and the calls are smooth, even while photos sync. Brilliant.",),
        comments=("Remember to measure again if your contract changes!",),
        mentions=("@routerly every time someone uploads photos my calls turn to porridge. {device}. Is there a fix?",),
    ),
    Issue(
        board="wifi",
        tags=("printer", "local-network"),
        weight=7,
        titles=(
            "«0»Printer {vanishes|goes missing} every {morning|couple of days}",
            "«02»Printer offline after the change to {device}",
            "«1»Laptop finds the printer by cable only",
            "«1»Printer works from the phone, not from the {gadget}",
            "«1»{gadget} doesn't see the printer, phone does",
            "«2»New {device}, old printer, no paper comes out",
            "«2»Printed the test page, then never again",
            '«2»Printer is "connected" and does nothing',
            "«1»How do I give the printer a fixed address on the {device}?",
            "«0»Printer in the {room} asleep and never seen again",
        ),
        questions=(
            "Every {morning|few days} the printer is *offline* for all of us. Turn it off and on, it prints, next day the same again. It sits in the {room} on Wi-Fi. Since we have the {device}.",
            "The printer works from my phone but not from the {gadget}. Both are on the same Wi-Fi as far as I can tell. Do I need a fixed address, and how?",
            "I'm not technical, sorry. New {device}, old printer. It printed the test page, then never again. The app shows the printer as connected with a number 192.168.7.something.",
        ),
        answers=(
            """\
Give the printer a fixed address, then the computers stop looking for it in the wrong place:

1. **Devices → (printer) → Reserve address.** Any number is fine, keep the one it has.
2. Turn the printer off and on.
3. On the computer remove the printer and add it again *by address*, with the number from step 1.

It's boring and it lasts.""",
            """\
Two usual suspects:

- The printer's address changes over night → **Devices → printer → Reserve address**
- *Device isolation* is on for the band that the printer uses → **Wi-Fi → Advanced → Isolation: off**

Start with the second, it takes ten seconds.""",
        ),
        summary="Reserve the printer's address (Devices → printer → Reserve address), restart it and add it again by that address. Also check that Wi-Fi isolation is off.",
        partial=("Reinstall the driver. Always the driver.",),
        asks=(("«1»Is the computer perhaps on the guest network?", "No, main network. I checked twice."),),
        thanks=(
            "«2»It prints! And again just now, to be sure. Thank you for the small words.",
            "«:1»Isolation was on. No idea why. Thanks!",
        ),
        comments=("«:0»Add it by address, not by name, that's the important bit.",),
        mentions=("@routerly printer offline every single morning since we have the {device}. Why?",),
    ),
)
