"""What the demonstration's people said, written for it from public facts: no sentence was taken from a report.

Arabic is the language in which the accounts were given; English is its translation.
"""

CASE_TITLE = "Killings in Banias, 8-9 March 2025"
CASE_SITUATION = "Coastal Syria, March 2025"
CASE_MANDATE = (
    "To collect, preserve and weigh information about the killing of civilians in Banias on 8 and 9 March 2025 and "
    "about the handling of the dead, and to share it with accountability bodies as each witness allows."
)

SAMIRA_AR = (
    "في صباح التاسع من آذار، قرابة العاشرة، دخل بيتنا رجال مسلحون. سأل أحدهم زوجي وسألني إن كنا علويين. "
    "قال إن أخاه قُتل، وحمّل جماعتنا المسؤولية عن موته. توسلت إليه وقلت إننا لم نؤذِ أحداً. "
    "أخذوا زوجي إلى السطح. سمعت طلقاً. بعد أن خرجوا صعدت ورأيته ملقى، وقد أصيب في رأسه. "
    "هربت، ورجوت جاراً أن يحمي جسده حتى أعود.\n\n"
    "وأخبرني الناس أن زوج جارتنا، وهو رجل في أواخر السبعينيات، قُتل في ذلك اليوم، وأن سلفي قُتل أيضاً. "
    "لم أرَ ذلك بنفسي. عندي ست صور تُظهر ما رأيته على السطح."
)
SAMIRA_EN = (
    "On the morning of 9 March, at about ten, armed men entered our home. One of them asked my husband and me whether "
    "we were Alawite. He said that his brother had been killed, and he laid the death on our community. I begged him; "
    "I said that we had harmed nobody. They took my husband up to the roof. I heard a shot. When they had gone I went "
    "up and saw him lying there, wounded in the head. I fled, and asked a neighbour to guard his body until I could "
    "come back.\n\n"
    "People told me that the husband of our neighbour, a man in his late seventies, was killed that day, and that my "
    "brother-in-law was killed too. I did not see this myself. I have six pictures that show what I saw on the roof."
)

AHMAD_AR = (
    "في الثامن من آذار، نحو الحادية عشرة، اتصلت بي قريبة وقالت إن أبي قُتل. ما سأقوله بعد ذلك سمعته من أمي؛ لم أكن هناك. "
    "قالت إن أربعة رجال مسلحين دخلوا في الصباح الباكر. كان أول سؤال لهم: هل أنتم علويون؟ ضربوا أخي. "
    "حاول أبي، وهو في أواخر الستينيات، أن يمنعهم، فأمروه أن يدير ظهره، وأطلقوا عليه النار من الخلف، وخرجت الرصاصة من صدره. "
    "بعد عشرين دقيقة عادوا وأخذوا الجثمان.\n\n"
    "ذهب أحد أقاربنا إلى مستشفى قريب مرات عدة، وكان فيه مسلحون، وبحث بين الجثامين إلى أن وجد أبي. "
    "عندي مقطع مصور واحد يظهر فيه الدم على أرض البيت."
)
AHMAD_EN = (
    "On 8 March, at about eleven, a relative called me and said that my father had been killed. What I say from here on "
    "I heard from my mother; I was not there. She said that four armed men came in early in the morning. Their first "
    "question was whether we were Alawite. They beat my brother. My father, who was in his late sixties, tried to stop "
    "them. He was told to turn round, and was shot in the back; the bullet came out through his chest. Twenty minutes "
    "later they returned and took the body.\n\n"
    "A relative went to a hospital nearby several times, while armed men were there, and searched among the bodies "
    "until he found my father. I have one video. It shows the blood on the floor of the house."
)

MEDIC_AR = (
    "وصلت في تلك الأيام عشرات الجثامين. أحضرها مسلحون من الفصائل، وأحضر بعضها الهلال الأحمر والدفاع المدني. "
    "لم تتسع برادات المشرحة لها، فبقي معظمها خارج البرادات، بعضها فوق بعض. لم أعرف كيف قُتل كل واحد منهم."
)
MEDIC_EN = (
    "In those days scores of bodies arrived. Men of the militias brought them, and some were brought by the Red "
    "Crescent and the civil defence. The refrigerators of the mortuary could not hold them, so most were kept outside "
    "them, piled on each other. I did not learn how each of them had died."
)

RESIDENT_AR = (
    "في حي القصور، بجانب المقبرة، رأيت حفرة فيها جثامين كثيرة، أقدّرها بالمئات، موضوعة بعضها بجانب بعض وبعضها فوق بعض. "
    "رأيتها قبل أن تُغطى بالتراب. لم يُسمح للعائلات بالصلاة على موتاها ولا باختيار المكان."
)
RESIDENT_EN = (
    "In al-Qusour, beside the cemetery, I saw a pit with many bodies, hundreds by my estimate, laid beside each other "
    "and above each other. I saw it before it was covered with earth. Families were not allowed to pray over their "
    "dead, nor to choose the place."
)

ROOF_INCIDENT = "Killing of a man on the roof of his home"
ROOF_STORY = (
    "Armed men entered a home at about 10:00 on 9 March 2025, asked the couple about their sect, took the husband to "
    "the roof and, according to his wife, shot him in the head."
)
HOME_INCIDENT = "Killing of a father in his home"
HOME_STORY = (
    "According to the family, four armed men entered a home early on 8 March 2025, asked whether the family was "
    "Alawite, beat one son and shot the father in the back. They returned twenty minutes later and took the body."
)
HOSPITAL_INCIDENT = "Bodies kept outside the mortuary's refrigerators"
HOSPITAL_STORY = (
    "Scores of bodies were brought to a hospital and most were kept outside the refrigerators, piled."
)
BURIAL_INCIDENT = "Burial in an empty lot beside Sheikh Hilal cemetery"
BURIAL_STORY = (
    "Bodies were buried together in an empty lot beside the cemetery. Seven people interviewed said that rites, a "
    "place of their own choice or a public ceremony were refused to them."
)

SATELLITE_FINDING = (
    "The lot is level and unused in the first frame. In the second, three strips of turned soil, about 40 m by 5 m "
    "each, and a track from the road are visible. This tends to show digging between the two dates; it does not show "
    "who dug, nor what lies there."
)
WEAPON_FINDING = (
    "One cartridge case with the measurements of 7.62 x 39 mm ammunition. This calibre is fired by many rifles that "
    "are common in the region: it identifies neither a unit nor a side."
)
RETURNED_BECAUSE = (
    "Please ask how the witness estimated the number, from where the pit was seen, and for how long. Note who "
    "refused the prayers, and how the witness knows."
)
PICTURE_STANDS_FOR = (
    "Drawn for the demonstration. Stands for a picture that shows a body with a wound to the head."
)

# Nobody is called so: these are the names that the demonstration's custodians guard.
IDENTITIES: dict[str, dict[str, str]] = {
    "samira": {
        "given": "ريحانة",
        "father": "نصر",
        "family": "الوهمي",
        "latin_forms": "Rayhana al-Wahmi",
        "phones": "+963 000 000 001",
        "safe_contact": "Never by telephone on Fridays; ask after the seedlings.",
    },
    "ahmad": {"given": "غيث", "father": "زياد", "family": "الخيالي", "latin_forms": "Ghayth al-Khayali"},
    "medic": {
        "given": "تيم",
        "family": "المتخيل",
        "phones": "+963 000 000 003",
        "addresses": "A street that does not exist",
    },
    "resident": {"given": "شهد", "family": "المبتكر", "kunya": "أم لا أحد"},
}
