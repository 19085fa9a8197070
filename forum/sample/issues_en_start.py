"""What people ask on the set-up board, part two: first steps, passwords, updates, storage, moving house."""

from __future__ import annotations

from forum.sample.content import Issue

ISSUES = (
    Issue(
        board="setup",
        tags=("app", "first-setup"),
        weight=8,
        titles=(
            "«0»App {doesn't|does not} find my new {device}",
            '«0»Set-up stuck at "looking for your router"',
            '«02»Routerly Home: "no router nearby" with the {device} in front of me',
            "«1»New phone, app can't see the {device} any more",
            "«1»App on the new phone is blind, old phone fine",
            "«1»Reinstalled the app, {device} not found",
            "«2»Can I set up the {device} from a {computer|browser}?",
            "«2»Set-up of {device} without the app?",
        ),
        questions=(
            "Unpacked the {device} today. White light blinks as in the leaflet, the app keeps *looking for your router* and then gives up. Phone is one metre away. {I even borrowed another phone.|Bluetooth is on.}",
            "Got a new phone and reinstalled Routerly Home. It doesn't find the {device}, although I'm on its Wi-Fi! The old phone still works.",
            "Is there a way to set the {device} up from a computer? The app stops at *no router nearby* and I'd rather use a browser anyway.",
        ),
        answers=(
            """\
«01»The app looks for the router over Bluetooth *and* over the local network, and the phone asks for permission for each. If one was refused, it fails without saying so.

1. Phone settings → apps → Routerly Home → permissions: **Nearby devices / local network** and **Location** on.
2. Turn off any VPN and *private relay* while you set up.
3. Turn **mobile data** off (otherwise the phone leaves a Wi-Fi that has no internet yet).
4. Open the app again.""",
            """\
«02»Browser works too: join the Wi-Fi printed on the sticker, open `http://192.168.7.1` and take the password from the sticker. You get the same steps. Afterwards sign in to the app with your account and the {device} appears by itself.""",
        ),
        summary="Give the app the local network and location permissions, turn off VPN and mobile data, then try again. Or join the Wi-Fi on the sticker and open http://192.168.7.1 in a browser.",
        partial=("Delete the app and install it again.", "It's because of 5 GHz, old phones don't see it."),
        asks=(
            (
                "«01»Did the phone ask for access to the local network at some point?",
                "It did and I said no, out of habit. Hm.",
            ),
        ),
        same=("«1»Same with my new phone.",),
        thanks=(
            "«01:0»The permission! I always tap no. All set up, took four minutes.",
            "«:1»Browser it is. Much nicer, thank you.",
        ),
        comments=("«01:0»A VPN on the phone was my culprit.",),
        mentions=("@routerly new {device}, the app says no router nearby. It's right in front of me...",),
    ),
    Issue(
        board="setup",
        tags=("password", "reset"),
        weight=7,
        titles=(
            "«0»Forgot the admin password of my {device}",
            "«0»Reset {device} without losing {all|my} settings?",
            "«1»Bought a used {device}, still tied to the old owner",
            '«1»Second-hand {device}: "belongs to another account"',
            "«1»How to take over a used {device}?",
            "«2»Reset {device}: nothing happens when I {hold|press} the button",
            "«0»Admin password gone, app still works",
            "«2»Reset button on the {device}: how long exactly?",
            "«0»Wi-Fi password {known|fine}, admin password {lost|unknown}",
        ),
        questions=(
            "I set a good admin password {when}, so good that I don't know it any more. Wi-Fi works. Must I reset and start from zero? There are {devices} devices and a dozen port rules in there.",
            "Second-hand {device}. It starts, I can join the Wi-Fi on the sticker, but the app says *belongs to another account*. The seller doesn't answer.",
            "How long do I have to hold the reset button? I tried 5, 10 and 15 seconds and I'm never sure whether anything happened.",
        ),
        answers=(
            """\
«0»If your app is still signed in you don't need a reset: **Routerly Home → Settings → Router password → Change** asks for your *account* instead of the old password.

Only if that's gone too:

1. **Settings → Backup → Save** (works without the password from a phone that was paired).
2. Hold reset for **12 seconds**: the light goes white → off → red. Let go at red.
3. Set up, then **Backup → Restore**. Names, passwords, rules and reservations come back.""",
            """\
«12»12 seconds, let go when it turns *red*. Shorter is only a restart, which is why nothing seems to happen.

For a used one: a reset doesn't cut the old account, on purpose (theft). Support can release it if you send a picture of the sticker and your receipt; it took two days for me.""",
        ),
        summary="If the app is still signed in: Settings → Router password → Change. Otherwise save a backup, hold reset for 12 seconds until the light is red, set up and restore.",
        partial=("«0»The default is admin/admin.",),
        asks=(("«0»Is the app on your phone still signed in?", "Yes, it opens and shows everything."),),
        followups=(
            ("«0»Does the backup hold the Wi-Fi password as well?", "Yes, so keep the file somewhere private."),
        ),
        thanks=(
            "«0»Changed it in the app in ten seconds. I was about to reset everything!",
            "«2»Let go at red. Finally. Thanks!",
        ),
        comments=("«0»Backup before reset, always.",),
        mentions=("@routerly forgot the admin password of my {device}. Is a reset the only way?",),
    ),
    Issue(
        board="setup",
        tags=("firmware", "update"),
        weight=8,
        facts={"points": ("two M2", "three M2"), "fw": ("4.2", "4.2.1"), "percent": ("0", "13", "47", "80", "99")},
        titles=(
            "«0»Update to {fw} {hangs|stuck} at {percent} %",
            "«1»{device} keeps offering {fw} and never installs it",
            "«1»How do I install {fw} by hand?",
            "«2»M2 stays on 4.1 while the {device} has {fw}",
            "«2»{points} refuse {fw}",
            "«1»{fw} never really installs, back on 4.1 after each restart",
        ),
        questions=(
            "The update to {fw} has been at {percent} % for {an hour|over an hour}. Internet works meanwhile. I don't dare to pull the plug. {device}.",
            "Every evening the app offers {fw}, I tap *install*, it restarts, and it's on 4.1 as before. No error.",
            "The {device} took {fw} fine, but {points} still say 4.1. Does that matter? Should I update them by hand?",
        ),
        answers=(
            """\
«01»You can pull the plug. The {device} has two firmware slots and writes the new one into the spare; until it has checked that one it starts from the old.

1. Power off for 30 seconds, on again.
2. **Settings → Storage**: if a USB stick is in, take it out (the check runs out of memory with a full stick).
3. Try once more at night or by hand: download the file from the product page, **Settings → Firmware → Install from file**.""",
            """\
«2»Order matters with a mesh: **points first, router last.** If the router is ahead, the points can't fetch the update through it any more.

*Mesh → (M2) → Firmware → Install from router* does it, one M2 at a time, five minutes each. Afterwards all of them say {fw}.""",
        ),
        summary="You can safely power it off: the old firmware stays until the new one is checked. Take out any USB stick and try again, or install from file under Settings → Firmware. Update M2 points one by one.",
        partial=("Wait for the next version, this one is cursed.",),
        asks=(("«01»Is there anything in the USB port?", "An old stick with photos, nearly full."),),
        same=("«0»Stuck at {percent} as well, what are the odds.",),
        thanks=(
            "«01»The stick! Out with it, update went through in six minutes.",
            "«2»All M2 on {fw} now, in the right order.",
        ),
        comments=("«01»Didn't know about the two slots, that takes the fear away.",),
        mentions=("@routerly update to {fw} stuck at {percent} % for an hour. Can I pull the plug?",),
    ),
    Issue(
        board="setup",
        tags=("usb-storage", "files"),
        weight=6,
        titles=(
            "«0»USB {disk|stick} on the {device} {isn't shown|not recognised}",
            "«1»Very slow copying to the USB disk ({got} Mbit/s)",
            "«2»Share a USB disk with one person only",
            "«2»Who may write to the USB disk?",
            "«2»Read-only folder on the {device}'s USB disk",
            "«1»Copying to the USB disk from the {room} crawls",
            "«2»Family photos on the {device}: who may write?",
            "«1»Is the USB port of the {device} really that slow?",
        ),
        questions=(
            "I plugged a 2 TB disk into the {device}. The app shows *USB: none*. The same disk works on my computer. It's formatted with whatever it came with.",
            "The disk shows up, but copying runs at a crawl. Over Wi-Fi from the {room}, {fw}. Is the port that slow?",
            "I want to use the disk for family photos, readable by everyone, writable only by me. Can the {device} do that?",
        ),
        answers=(
            """\
«0»Power first: the port gives 900 mA, many 2.5" disks want more when they start. A disk with its own supply, or a powered hub, shows up at once.

Then the format: `exFAT`, `NTFS` and `ext4` are read and written, others are not. If it has several partitions only the first is shown.""",
            """\
«12»**Settings → Storage → Users** gives each person read or write per folder. Make one folder *Photos*, *Everyone: read*, you: *write*.

As to speed: set the port to USB 3 under **Storage → Port**. It comes as USB 2, because USB 3 disturbs 2.4 GHz Wi-Fi if the cable is poor.""",
        ),
        summary="The USB port gives 900 mA, so use a disk with its own power; exFAT, NTFS and ext4 are read. Speed: Storage → Port → USB 3. Rights per person: Storage → Users.",
        partial=("Use a real NAS.",),
        asks=(("«0»Does the disk have its own power supply?", "No, just the one cable."),),
        thanks=("«0»With a powered hub it's there. Thanks!", "«1»USB 3 makes it five times faster."),
        comments=("«1»Take a short, shielded cable, then 2.4 GHz is fine as well.",),
        mentions=("@routerly does the USB port on the {device} support big disks? Mine isn't shown at all.",),
    ),
    Issue(
        board="setup",
        tags=("migration", "backup"),
        weight=6,
        facts={"device": ("R7 Pro",)},
        titles=(
            "«0»Moving from R6 to R7 Pro {without|but keeping} {all the fuss|my settings}",
            "«0»R6 settings onto an R7 Pro?",
            "«0»{devices} devices on the R6, R7 Pro just arrived",
            "«0»Carry reservations and rules from R6 to R7 Pro",
            "«1»R6 and R7 Pro at the same time with one name?",
            "«1»Will everything just reconnect to the R7 Pro?",
            "«2»What to do with the old R6?",
            "«2»R6 as a mesh point for the {room}",
            "«2»Can the old R6 {become|serve as} a mesh point?",
            "«1»Keep the same Wi-Fi name on the new R7 Pro",
        ),
        questions=(
            "My R7 Pro has arrived and I have {devices} devices on the R6. Is there a way to carry everything over, reservations and rules included?",
            "If I give the new R7 Pro the same name and password, will all devices just move? And may both run at the same time for a day?",
            "What can I do with the R6 after the change? It's too good for the drawer. Mesh point for the {room} perhaps?",
        ),
        answers=(
            """\
«01»{Yes, with a backup:|A backup does it:}

1. On the R6: **Settings → Backup → Save**.
2. R6 off. Set up the R7 Pro as new, skip the Wi-Fi name.
3. **Settings → Backup → Restore**, choose *From another model*. Wi-Fi, reservations, rules, profiles come along; channels and power don't, they belong to the hardware.

Both at once with the same name is asking for trouble, one after the other please.""",
            """\
«2»The R6 can serve as a mesh point since 4.2: reset it, then **Mesh → Add → Router as point**. It's stronger than an M2 and has four LAN ports, perfect for the {room}.""",
        ),
        summary="Save a backup on the R6, set up the R7 Pro, then restore it with From another model. The R6 can then be added under Mesh → Add → Router as point.",
        partial=("«0»Same name and password is enough, everything else you type again.",),
        followups=(("«0»Do the VPN keys survive too?", "They do, my phone connected without a new code."),),
        thanks=(
            "«0»Restored in two minutes, even the printer came back. Impressive.",
            "«2»The old R6 now lives in the {room} as a point. Lovely.",
        ),
        comments=("«01»*From another model* is hidden under the three dots.",),
        mentions=("@routerly R7 Pro arrived! Can I take the settings of my R6 along?",),
    ),
)
