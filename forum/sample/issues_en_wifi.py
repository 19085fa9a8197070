"""What people ask on the Wi-Fi and mesh board, part one: drops, dead rooms, stubborn gadgets, slow links."""

from __future__ import annotations

from forum.sample.content import Issue

ISSUES = (
    Issue(
        board="wifi",
        tags=("5ghz", "firmware-4.2", "channels"),
        weight=12,
        facts={"fw": ("4.2", "4.2.1")},
        titles=(
            "{Wi-Fi|5 GHz} drops every few minutes since the {fw} update",
            "5 GHz {disappears|vanishes|goes away} and comes back all {evening|day}, {device}",
            "Since {fw} my {gadget} loses Wi-Fi every {minutes} minutes",
            "{device} on {fw}: 5 GHz unstable, 2.4 GHz fine",
            "Constant short drop-outs in the {room} after updating to {fw}",
            "Video calls {freeze|cut out} every {minutes} minutes on {fw}",
        ),
        questions=(
            "Since the update to {fw} {when} the 5 GHz network disappears every {minutes} minutes or so, comes back by itself after about a minute, and drops again. {Two laptops and a phone all see it.|My {gadget} and both phones see it at the same moment.} 2.4 GHz is rock solid the whole time. {device}, channel on Auto. I {restarted everything twice|have restarted the router, the modem and myself}, no change.",
            "I work from the {room} and for {days} days now I get thrown out of calls. The network name simply vanishes from the list for a minute. It's an {device} which updated itself to {fw} overnight, before that it was fine for months. {Distance is not the issue, I can see the router from my desk.|It happens even next to the router.} What changed?",
            "{device}, firmware {fw}, {isp}. The internet itself never drops (the {gadget} on a cable carries on happily), only Wi-Fi on 5 GHz does. The log in the app says `channel change (52 -> 100)` at exactly the times when it happens. Can I stop it from doing that?",
            "Is 5 GHz on {fw} broken for everybody or only for me? In the {room} it lasts {minutes} minutes at best, then the network is gone from every list and returns a minute later. On {isp}, with {points}. I swapped the {device}'s power supply because somebody told me to. No difference.",
            "Short question with a long story: {when} the {device} installed {fw}, and since then my {gadget} complains about *connection lost* {all day long|several times an hour}. On 2.4 GHz it's slow but steady. The neighbour below has the same router, still on 4.1, and no trouble at all.",
            "Anybody else with drop-outs after {fw}? Mine started {when}. Every {minutes} minutes the 5 GHz is gone for 60 seconds, then back as if nothing happened. Already tried: reboot, forget and rejoin, other end of the {room}. Don't really want to factory reset with {devices} devices on it.",
        ),
        answers=(
            """\
4.2 turned on radar detection for channels 52 to 144. If the router hears anything that looks like radar (airport, weather station, sometimes only a noisy neighbour), it *must* leave the channel, and that is the minute of silence you see.

1. In Routerly Home open **Wi-Fi → 5 GHz → Channel** and choose `36–48` instead of Auto.
2. Save. All devices drop once more, that's normal.
3. If you have M2 points, restart them one after the other so that they pick up the new channel.

{It has held for me for three weeks now.|Mine hasn't dropped since.}""",
            """\
«2»That `channel change` is the giveaway. With **Auto** the router on {fw} may use the radar (DFS) channels, and it has to vacate them when it thinks it hears one.

Pin it to one of the four channels without that duty:

- **Wi-Fi → Advanced → 5 GHz channel:** `{channel}`
- **Width:** `80 MHz` (160 MHz always reaches into the radar range, so not that one)

You lose a little peak speed in theory and gain a connection that stays up.""",
            """\
Had the same on my {device}. It's not your internet and not the distance, it's the router changing its 5 GHz channel because of radar detection, which came with 4.2.

**Fix:** set the channel by hand to {channel} (Wi-Fi → 5 GHz → Channel → *Fixed*) and leave the width at 80 MHz. No reset needed, nothing else to change.

If you live close to an airport it's worth doing for good, not only until the next firmware.""",
        ),
        summary="Since 4.2 the router leaves 5 GHz channels 52-144 when it hears radar. Set Wi-Fi → 5 GHz → Channel to 36-48 instead of Auto (80 MHz wide), then restart any M2 points.",
        partial=(
            "Rolling back to 4.1 stopped it for me, but the app keeps nagging to update again.",
            "Have you tried turning off Smart Connect? Helped with a different problem I had, maybe with this too.",
            "Sounds like the power supply. My old one did this when it got warm.",
        ),
        asks=(
            (
                "«01345»Which channel is it on when it happens? You see it in the app under **Wi-Fi → Status**.",
                "Says 100 right now, it was 52 this morning. So it does move around!",
            ),
            ("«1»Is it only 5 GHz, or does 2.4 go as well?", "Only 5. The smart plugs on 2.4 never notice."),
        ),
        followups=(
            (
                "Do I lose speed by pinning it?",
                "On 80 MHz hardly. I measure the same in the living room as before; only 160 MHz would be faster, and that needs the radar channels.",
            ),
            (
                "Should I go back to Auto once the next firmware is out?",
                "I'd leave it. Fixed channels do no harm unless a neighbour moves onto the same one.",
            ),
        ),
        same=(
            "Same here with one router, no mesh. Started with {fw}.",
            "Exactly this since {when}, {device} as well. Following.",
        ),
        thanks=(
            "Set to {channel} and not one drop since. Thank you!",
            "«2»Channel {channel} it is. The log has been empty since, wonderful.",
        ),
        comments=(
            "The step with the M2 points matters, mine hung on the old channel until I restarted it.",
            "Can confirm, we're two kilometres from an airfield.",
        ),
        mentions=(
            "@routerly my wifi drops every {minutes} minutes since the {fw} update. 5 GHz only, {device}. What did you do?",
            "@routerly third video call lost today. 5 GHz just vanishes for a minute and comes back. {device}, firmware {fw}. Help?",
        ),
    ),
    Issue(
        board="wifi",
        tags=("mesh", "m2", "coverage"),
        weight=10,
        titles=(
            "Dead spot in the {room} although the M2 is right {there|next door}",
            "«12»Where {do I put|should I place} the M2 for {the|a} {room}?",
            "«01»M2 in the {room} shows full bars but pages {hardly|barely} load",
            "«01»{Full signal, no speed|Five bars and still slow} in the {room} ({device} + M2)",
            "«12»Is a second M2 worth it for the {room}?",
        ),
        questions=(
            "{device} in the {room2}, one M2 in the {room}. My phone shows full bars there but pages take ages and video stutters. Stand next to the {device} and I get everything I pay for. {I thought full bars meant good Wi-Fi?|What are the bars telling me then?}",
            "We have thick {brick|stone} walls. I put the M2 in the {room} because that's where the signal was missing, and it connected (white light), but it's {almost useless|slower than before}. {got} Mbit/s against {plan} near the router. Is the M2 faulty?",
            "Trying to get decent Wi-Fi to the {room}. The M2 sits on the desk there and the app says *Connection: weak*. How do people place these things? Halfway there's only a {hallway|landing} without any furniture.",
        ),
        answers=(
            """\
The bars show how well your phone hears the **M2**, not how well the M2 hears the router. If the M2 stands in the dead spot, it has no signal to pass on either.

Put it **halfway**, where the router is still strong:

1. Carry the M2 to the middle and plug it in.
2. In Routerly Home open **Mesh → (your M2) → Link**. You want *Good*, at least `-65 dBm`.
3. Only then check the {room}.

A shelf at chest height beats the floor; inside a metal cabinet is the worst place of all.""",
            """\
Classic. A mesh point *repeats*, so it needs a good connection itself. Rule of thumb: no more than two walls between {device} and M2, then no more than two walls between M2 and you.

- Move it about {4|5|6} m closer to the router.
- Look at **Mesh → Link** after a minute, not immediately, it needs to settle.
- If there happens to be a network socket anywhere near, plug the M2 into it. Wired backhaul ends the discussion.""",
        ),
        summary="Full bars only show how well your phone hears the M2. Put the M2 halfway, where the app's Mesh → Link still says Good (-65 dBm or better), or connect it by cable.",
        partial=(
            "Try a different Wi-Fi channel, the neighbours are probably on yours.",
            "You need a second M2, one is never enough.",
        ),
        asks=(
            (
                "«01»What does the app say under Mesh → Link for that M2?",
                "It says *Weak, -78 dBm*. I suppose that's bad?",
            ),
        ),
        followups=(
            (
                "The halfway point has no shelf, is the floor behind a {sofa|plant} OK?",
                "Better than the dead spot, worse than a shelf. Try the top of a door frame or a picture ledge, they're light.",
            ),
        ),
        same=("Old house, same story. Curious about the answers.",),
        thanks=(
            "Moved it to the landing. {got} before, well over 200 now. I feel a bit silly.",
            "Link says Good now and the {room} is fine. Thanks!",
        ),
        comments=(
            "«:0»-65 dBm is the number to remember.",
            "«:0»Chest height made more of a difference than I expected.",
        ),
        mentions=("@routerly bought an M2 for the {room}, full bars and still nothing loads. Is it broken?",),
    ),
    Issue(
        board="wifi",
        tags=("2.4ghz", "smart-home", "wpa3"),
        weight=10,
        facts={
            "thing": (
                "smart plug",
                "robot vacuum",
                "doorbell",
                "thermostat",
                "light strip",
                "washing machine",
                "baby monitor",
                "weather station",
                "air purifier",
            )
        },
        titles=(
            "{thing} {won't|refuses to} join the Wi-Fi on {device}",
            "How do I get a 2.4 GHz only {thing} onto the {device}?",
            "«01»{thing} worked with my old router, not with the {device}",
            '«1»{thing}: "wrong password", but it isn\'t',
            "«2»{device} and {thing}: set-up times out",
        ),
        questions=(
            "New {device}, everything moved over in an evening except the {thing}. Its app says it only does 2.4 GHz and then *could not connect*. The password is right, I've typed it {eleven|a dozen} times. The old box had two network names, this one has one.",
            "My {thing} insists that the password is wrong. It isn't: phone and laptop take it. Security is WPA3 as it came out of the box. {Is the {thing} simply too old?|Do I have to throw it away?}",
            "Set-up of the {thing} stops at 80 % and times out. I stood next to the router, rebooted both, even turned off mobile data on the phone. {device}, firmware {fw}. What's the trick?",
        ),
        answers=(
            """\
Two things get in the way: many such gadgets know only **2.4 GHz**, and only **WPA2**. The {device} comes with one name for both bands and WPA3.

The tidy way is the *smart home network*:

1. **Wi-Fi → Networks → Add → Smart home.** It is 2.4 GHz and WPA2 from the start.
2. Give it a name of its own and a password without special characters (some gadgets choke on `&` or spaces).
3. Put your phone onto that network, then run the set-up of the {thing} again.
4. Afterwards the phone can go back to the main network.

Your main network stays on WPA3.""",
            """\
Switch **Wi-Fi → Security** from `WPA3` to `WPA2/WPA3 mixed` and try again. If the {thing} still gives up, pause 5 GHz for ten minutes while you set it up (**Wi-Fi → 5 GHz → Pause**), so that phone and {thing} are on the same band.

5 GHz comes back by itself, and the {thing} stays where it is.""",
        ),
        summary="Gadgets like that often know only 2.4 GHz and WPA2. Add a Smart home network (Wi-Fi → Networks → Add), put your phone on it and run the gadget's set-up again.",
        partial=("Just make the password shorter, worked for me once.", "Those things are rubbish, I sent mine back."),
        asks=(
            (
                "«02»Is your security on WPA3 only? Have a look under Wi-Fi → Security.",
                "Yes, *WPA3 only*. I never touched it.",
            ),
        ),
        followups=(
            (
                "Is my main network less safe now?",
                "With a network of its own for the gadgets it isn't touched at all. Mixed mode is a little weaker than WPA3 alone, but nothing to lose sleep over.",
            ),
        ),
        same=("My {thing} does the same, also since I changed to the {device}.",),
        thanks=(
            "«:0»Smart home network did it, {thing} was on within a minute.",
            "«:1»Mixed mode was enough. Thank you, I nearly bought a new {thing}.",
        ),
        comments=("«:0»The special characters! Mine had a # in it.",),
        mentions=(
            "@routerly my {thing} won't join the new {device}, keeps saying wrong password. It's the right password!",
            "@routerly is there a way to get a 2.4 GHz only {thing} onto your {device}? Set-up times out every time.",
        ),
    ),
    Issue(
        board="wifi",
        tags=("speed", "backhaul", "m2"),
        weight=9,
        titles=(
            "«02»Paying for {plan}, getting {got} over the mesh",
            "«02»Half the speed behind the M2, is that normal?",
            "«02»{got} Mbit/s in the {room}, {plan} at the router",
            "«1»Wired backhaul: how do I know that it is {used|in use}?",
            "«1»Cable from the {room} to the M2, still only {got} Mbit/s",
            "«02»Mesh is slow in the {room}, {isp} {plan}",
        ),
        questions=(
            "My plan with {isp} is {plan} Mbit/s. At the {device} I measure nearly all of it, behind the M2 in the {room} it's {got}. Is that what mesh does or is something wrong?",
            "I finally pulled a cable to the {room} so that the M2 has wired backhaul. Speed is exactly the same as before ({got} Mbit/s). Is there a switch somewhere to tell it to use the cable?",
            "Speed test by room: {room2} {plan}, {room} {got}. The M2 link says *Good*. {I can live with some loss but this seems a lot.|How much loss should I expect?}",
        ),
        answers=(
            """\
«02»Over the air every hop costs roughly half, because the M2 listens and talks on the same radio. From {plan} you end up somewhere around a third in practice, so it isn't broken.

What helps, in this order:

1. **Cable.** Any LAN port of the {device} to the M2's port marked `◇`. The app shows *Backhaul: wired* after about a minute.
2. **Backhaul on 5 GHz only:** Mesh → Link → *Prefer 5 GHz*.
3. Move the M2 a wall closer.""",
            """\
«1»Check the cable itself. If **Mesh → (M2) → Backhaul** says `wired, 100 Mbit/s`, one of the eight wires is bad or it's an old Cat 5 cable, and that caps everything near {got}.

- says *wireless*: the plug is in the wrong port, take the one marked `◇`, then restart the M2
- says *wired, 100*: swap the cable
- says *wired, 1000*: then the test device is the limit, try another one

I had a perfectly good looking cable with a kink behind the cupboard. New cable, full speed.""",
        ),
        summary="Each wireless hop costs about half the speed. Connect the M2 by cable (port ◇) and check Mesh → Backhaul: it should say wired, 1000. If it says 100, swap the cable.",
        partial=("Speed tests over Wi-Fi are meaningless anyway.", "Ask your provider, they throttle in the evening."),
        asks=(("«1»What does Backhaul say for the M2?", "Wired, 100 Mbit/s. Oh."),),
        followups=(
            (
                "Does the cable have to come from the {device} or can there be a switch between?",
                "A plain unmanaged switch is fine. Managed ones need spanning tree switched off on that port.",
            ),
        ),
        same=("Same numbers here, more or less.",),
        thanks=(
            "«1»It was the cable. One metre of Cat 6 later I'm at 920.",
            "«02»Prefer 5 GHz nearly doubled it, good enough for the {room}.",
        ),
        comments=("The ◇ port is easy to miss, it's under the flap.",),
        mentions=("@routerly paying for {plan} Mbit/s, getting {got} behind the M2. Normal or broken?",),
    ),
)
