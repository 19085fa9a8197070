"""The programme's terms that a new community begins with, as Markdown. An admin may write others."""

from __future__ import annotations

from collections.abc import Mapping

TERMS: Mapping[str, str] = {
    "en": """\
You help here of your own accord, and nobody may demand it. You are not our employee and we pay you nothing for it.

- **What you may do.** Your rank or our team gives you rights, such as accepting answers for others. We can change or end them, and we say why.
- **What goes out.** Your accepted answers may be sent, with your shown name, to the networks where questions were asked. In the first two weeks, and whenever we ask for it, our team reads them before.
- **What we ask.** Be friendly, say what you know and what you only guess, and pass on no personal data of others. Do not trade votes. Where it is about money, law or safety, leave the answer to our team.
- **What stays yours.** Your words stay yours; you let us show and send them as answers. You may edit them, take a break, or leave at any time, without giving a reason.
- **Your data.** We keep what you wrote, your points, ranks and badges, and when you answered. You can take all of it with you, or have it erased, under *Your data* in the account settings.
""",
    "zh_Hans": """\
你在这里帮助他人完全出于自愿，没有人可以要求你这样做。你不是我们的员工，我们也不为此支付报酬。

- **你可以做什么。** 你的等级或我们的团队会给你一些权限，例如替他人采纳回答。我们可以更改或结束这些权限，并会说明原因。
- **什么会被发出。** 你被采纳的回答可能会以你的显示名称发送到提问所在的网络。最初两周，以及我们需要时，团队会先阅读。
- **我们的请求。** 请友善，说清哪些是你知道的、哪些只是猜测，不要传播他人的个人信息，不要互相换赞。涉及金钱、法律或安全的问题，请留给我们的团队。
- **什么属于你。** 你写的文字归你所有；你允许我们把它们作为回答展示和发送。你可以随时编辑、休息或离开，无需理由。
- **你的数据。** 我们保存你写的内容、积分、等级和徽章，以及你回答的时间。你可以在账户设置的“你的数据”中全部取走，或要求删除。
""",
    "zh_Hant": """\
你在這裡幫助他人完全出於自願，沒有人可以要求你這樣做。你不是我們的員工，我們也不為此支付報酬。

- **你可以做什麼。** 你的等級或我們的團隊會給你一些權限，例如替他人採納回答。我們可以變更或結束這些權限，並會說明原因。
- **什麼會被送出。** 你被採納的回答可能會以你的顯示名稱送到發問所在的網路。最初兩週，以及我們需要時，團隊會先閱讀。
- **我們的請求。** 請友善，說清哪些是你知道的、哪些只是猜測，不要散布他人的個人資料，不要互相換讚。涉及金錢、法律或安全的問題，請留給我們的團隊。
- **什麼屬於你。** 你寫的文字歸你所有；你允許我們把它們作為回答顯示和送出。你可以隨時編輯、休息或離開，不需要理由。
- **你的資料。** 我們保存你寫的內容、積分、等級和徽章，以及你回答的時間。你可以在帳號設定的「你的資料」中全部帶走，或要求刪除。
""",
}
