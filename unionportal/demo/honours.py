"""Awards and who was honoured: six model workers, eleven craftsmen, twenty-two workers,
all invented.

The union's report gives the last two numbers and no levels, so every award here is the
city's own.
"""

from collections import Counter
from datetime import date

from django.utils import timezone

from honors import services
from honors.enums import (
    Bound,
    CompositionKind,
    Gender,
    Industry,
    Level,
    ProgramKind,
)
from honors.models import AwardEdition, AwardProgram, CompositionRule
from honors.services import editions
from unionportal.demo.album import Album
from unionportal.demo.members import City

W, M = Gender.WOMAN, Gender.MAN
SECRETARY = 7
# what is worn at work, by industry and then by post
_WEARS = {
    Industry.STEEL: "helmet",
    Industry.MINING: "helmet",
    Industry.MACHINERY: "helmet",
    Industry.BUILDING: "helmet",
    Industry.TRANSPORT: "cap",
    Industry.FARMING: "straw",
}
_WEARS_AS = {
    "钛材检测员": "",
    "制茶师": "",
    "急诊护士长": "nurse",
    "助产士": "nurse",
    "消防员": "helmet",
    "管道抢修工": "helmet",
    "抄表员": "cap",
    "环卫工": "straw",
}
CONFERRED_BY = "攀枝花市总工会"
_CONFERRED_BY_CITY = "攀枝花市人民政府"

MODELS = {
    "name": "攀枝花市劳动模范",
    "kind": ProgramKind.MODEL_WORKER,
    "intro": "授予在本职岗位上长期作出突出贡献、受到职工公认的劳动者。",
}
CRAFTSMEN = {
    "name": "攀枝花工匠",
    "kind": ProgramKind.CRAFTSMAN,
    "intro": "授予技艺精湛、肯带徒弟、在一线岗位上把活做到极致的职工。",
}
BEAUTIFUL = {
    "name": "最美劳动者",
    "kind": ProgramKind.BEAUTIFUL_WORKER,
    "intro": "授予在平凡岗位上长年做好一件事、让身边人信服的职工。",
}

_MODELS_BY_AGE = {
    1: [
        ("许长安", M, "示例发电厂", "汽轮机运行班长", Industry.MINING,
         "带班二十年，机组没有因操作失误停过一次。"),
        ("方建军", M, "示例炼铁厂", "高炉工长", Industry.STEEL,
         "把老师傅的经验编成一张表，全厂的高炉都照着调。"),
        ("邱慧", W, "示例中心医院", "内科医生", Industry.HEALTH,
         "每月下乡坐诊，随访本写满了四十七册。"),
        ("沙玛木呷", M, "示例芒果合作社", "果树技术员", Industry.FARMING,
         "把一套修枝办法教给了四个乡的果农。"),
        ("邹玲", W, "示例公交公司", "线路调度员", Industry.TRANSPORT,
         "重排末班车时刻，让夜班工友都赶得上回家。"),
        ("石磊", M, "示例机修公司", "数控铣工", Industry.MACHINERY,
         "改进十二种夹具，都以自己带的徒弟命名。"),
    ],
}  # fmt: skip

# years before the newest, then: name, gender, employer, position, industry, deed
_CRAFTSMEN_BY_AGE = {
    0: [
        ("张守炉", M, "示例炼铁厂", "高炉炉前工", Industry.STEEL,
         "守炉二十七年，把一炉铁水的温差控制在五度以内。"),
        ("赵铁军", M, "示例轨梁厂", "焊接高级技师", Industry.STEEL,
         "一把焊枪修好进口轧机，省下半年等件的时间。"),
        ("罗静", W, "示例钛业公司", "钛材检测员", Industry.STEEL,
         "经她手的检测数据十五年没有一次返工。"),
        ("谢永强", M, "示例宝鼎矿", "综采机组检修工", Industry.MINING,
         "听声音就能判断截割部哪个轴承该换。"),
    ],
    1: [
        ("彭志远", M, "示例机修公司", "装配钳工", Industry.MACHINERY,
         "画了四十多张草图，治好了一颗总是松动的螺栓。"),
        ("周明", M, "示例水电站", "水轮机检修工程师", Industry.BUILDING,
         "攻下泄洪闸振动难题，停机时间一年比一年少。"),
        ("吉木阿依", W, "示例彝绣工坊", "彝绣技师", Industry.CULTURE,
         "把老纹样绣上新衣裳，带出三十多名徒弟。"),
        ("唐国庆", M, "示例冷轧厂", "轧钢自动化技师", Industry.STEEL,
         "自己写的一段程序，让换辊时间缩短了一半。"),
    ],
    2: [
        ("何海波", M, "示例发电厂", "继电保护技师", Industry.MINING,
         "三千多页手写巡检记录，换来多年零误动。"),
        ("董桂英", W, "示例茶业公司", "制茶师", Industry.FARMING,
         "一锅手工茶炒了三十年，闭眼能分出火候。"),
        ("孙大勇", M, "示例建筑公司", "架子工班长", Industry.BUILDING,
         "搭过上百座高架，他带的班组没有出过事故。"),
    ],
}  # fmt: skip

_BEAUTIFUL_BY_AGE = {
    0: [
        ("李小棉", W, "示例公交公司", "公交驾驶员", Industry.TRANSPORT,
         "安全行车八十万公里，车厢里的针线盒备了十年。"),
        ("陈雪梅", W, "示例中心医院", "急诊护士长", Industry.HEALTH,
         "夜班最多的人，也是笑容最多的人。"),
        ("马长河", M, "示例建筑公司", "混凝土工", Industry.BUILDING,
         "修过的桥连起来，够他从家走到工地。"),
        ("高文静", W, "示例第一小学", "语文教师", Industry.EDUCATION,
         "坚持给每个学生写评语，一届一届从不重样。"),
        ("吴金沙", M, "示例供水公司", "管道抢修工", Industry.PUBLIC,
         "凌晨三点的抢修电话，他从没漏接过一个。"),
        ("杨春梅", W, "示例环卫站", "环卫工", Industry.PUBLIC,
         "一条街扫了十八年，哪棵树先落叶她最清楚。"),
        ("韩向阳", M, "示例快递网点", "快递员", Industry.TRANSPORT,
         "爬遍老小区的楼梯，顺手帮老人带下垃圾。"),
        ("谢小梅", W, "示例洗煤厂", "电工", Industry.MINING,
         "四十岁转岗学电，成了厂里第一位女值班电工。"),
    ],
    1: [
        ("王建国", M, "示例炼铁厂", "天车工", Industry.STEEL,
         "钢包起吊上万次，稳得能放住一杯水。"),
        ("刘红霞", W, "示例米易医院", "助产士", Industry.HEALTH,
         "迎接过几千个新生命，手机二十四小时不关。"),
        ("郭勇", M, "示例宝鼎矿", "瓦斯检查员", Industry.MINING,
         "每班多走一公里，只为多测一个点。"),
        ("宋玉芳", W, "示例芒果合作社", "选果班长", Industry.FARMING,
         "教会上百名务工姐妹看色、听声、掂分量。"),
        ("林涛", M, "示例物流园", "叉车司机", Industry.TRANSPORT,
         "十二年没碰坏过一箱货，新手都跟他学倒车。"),
        ("冯艳", W, "示例供电所", "抄表员", Industry.PUBLIC,
         "山路走破的鞋摆了一排，一户也没落下。"),
        ("于刚", M, "示例消防站", "消防员", Industry.PUBLIC,
         "第一个进去，最后一个出来。"),
    ],
    2: [
        ("胡志强", M, "示例冷轧厂", "磨辊工", Industry.STEEL,
         "用一块抹布和一双手，守住头发丝的十分之一。"),
        ("郑丽华", W, "示例幼儿园", "保育员", Industry.EDUCATION,
         "记得住每个孩子的过敏食物和小名。"),
        ("徐安宁", M, "示例森林管护站", "护林员", Industry.FARMING,
         "二十一年巡山，鞋底丈量过每一道山梁。"),
        ("朱娟", W, "示例政务大厅", "窗口受理员", Industry.PUBLIC,
         "把别人说三遍的事，一遍说明白。"),
        ("董磊", M, "示例机修公司", "车工", Industry.MACHINERY,
         "练出一手盲测绝活，误差不到一根头发丝。"),
        ("梁敏", W, "示例文化馆", "合唱指导", Industry.CULTURE,
         "教会从没唱过歌的工友，唱出四个声部。"),
        ("唐平", M, "示例水电站", "运行值班员", Industry.BUILDING,
         "守着江水过了十六个除夕。"),
    ],
}  # fmt: skip

# By trade; those of one trade take them in turn, but for the posts below.
_DEEDS = {
    Industry.STEEL: [
        "{name}每天接班，先绕着设备走一圈，看一看、听一听、摸一摸，再看仪表。"
        "在{employer}的厂房里，热和响是常事，心要静得下来。\n\n"
        "{position}这个岗位，差一点就是一批料。{name}把容易错的地方写成口诀，"
        "贴在班组的更衣柜上，新来的人背熟了才上手。",
        "刚到{employer}那年，{name}被师傅退回过一整班的活。"
        "从那以后，交出去之前总要自己再看一遍。\n\n"
        "做{position}这些年，看过的、记下的都在一摞本子里。"
        "厂里换了新设备，旧本子也没有扔：“道理没换。”",
        "{employer}的夜班最考验人。后半夜犯困的时候，{name}就起身去现场转一圈，"
        "回来把看到的写在交班本上。\n\n"
        "有一回，本子上一行不起眼的字，让下一班提前停下了一处隐患。"
        "工友们后来也学着多写一行。“{position}的眼睛，要替下一班看。”",
    ],
    Industry.MINING: [
        "{employer}的班前会上，{name}总站在最后一排，轮到说安全时却第一个开口。"
        "说的都是昨天现场的事，哪里、几点、差在什么地方。\n\n"
        "做{position}，{name}有个规矩：没有确认的事不签字。"
        "有人嫌慢，后来都说慢得对。",
        "{name}的工具包里有一支用秃了的笔。在{employer}，每查一处就记一处，"
        "好的也记，坏的也记。\n\n"
        "记得多了，就看得出苗头。“{position}怕的是没看见，"
        "看见了，办法总是有的。”这句话，徒弟们都会背。",
    ],
    Industry.MACHINERY: [
        "{name}的工作台收拾得像刚来的那天：量具归量具，刀具归刀具，一样不混。"
        "在{employer}，谁找不到东西都来这里借。\n\n"
        "{position}的功夫在手上，也在图上。拿到一张新图，{name}先在旁边画出自己的做法，"
        "想不通的地方标个圈，圈画完了再动手。",
        "别人听机器是响，{name}听机器是说话。在{employer}，"
        "有毛病的设备常常要等这位{position}来听一耳朵。\n\n"
        "这门本事教得出来吗？{name}的办法是让徒弟蒙上眼，一台一台地听，"
        "听对了再讲为什么。一年下来，徒弟也听得懂了。",
    ],
    Industry.BUILDING: [
        "工程一个接一个，{name}跟着{employer}走过许多地方。"
        "每到一处，先看水往哪里流，风从哪里来。\n\n"
        "楼盖好了，桥通了，没有人记得{position}来过。{name}说，"
        "正因为这样才要做得实：别人每天要从上面走。",
        "在{employer}，{name}守的是别人放假的日子。雨季、除夕、抢工期，"
        "值班表上常有这个名字。\n\n"
        "做{position}久了，家里人习惯了先吃饭不等。"
        "孩子写作文，说城里最亮的灯不在街上，在工地上。",
    ],
    Industry.TRANSPORT: [
        "{name}在{employer}带过不少新手。第一课不教快，教停："
        "停得稳，才谈得上走得快。\n\n"
        "做{position}，一天要和许多人打交道，多半只有几秒钟。"
        "{name}把这几秒钟用来说一句“不急，您慢点”。",
        "天没亮，{name}已经绕车一圈，轮胎、灯、刹车逐样看过。"
        "在{employer}，这是每个{position}都要做的事，{name}从没省过一样。\n\n"
        "路走熟了，人也认熟了：哪个路口清早有学生，哪栋楼的老人腿脚不好，"
        "都记在心里。慢一点、等一等，是{name}最常做的事。",
    ],
    Industry.HEALTH: [
        "在{employer}，{name}走路比别人快，说话比别人慢。"
        "快是因为有人在等，慢是因为等的人心里慌。\n\n"
        "做{position}的年头长了，什么场面都见过。{name}给新同事的要求只有一条："
        "先把手洗好，再把话说清楚。",
        "{name}的手机放在枕头边，夜里响一声就能起身。从家到{employer}的路，"
        "闭着眼也走得到。\n\n"
        "有人问{position}图什么，{name}想了想，说起一位老病人出院时回头挥的那一下手。"
        "“就图这个。”",
    ],
    Industry.EDUCATION: [
        "{name}的抽屉里有一沓孩子写的纸条，有的字还是拼音。"
        "在{employer}，孩子们有话先来这里说。\n\n"
        "{position}的一天是碎的，{name}把碎的事一件一件接住："
        "谁没吃早饭，谁和谁闹了别扭，谁今天特别高兴。放学时，再逐个告诉家长。",
        "毕业多年的孩子回{employer}，先找{name}。"
        "名字、座位、爱哭还是爱笑，一个也没记错。\n\n"
        "做{position}，最难的是有耐心。{name}的办法是蹲下来说话，"
        "“和孩子一样高，看见的就不一样。”",
    ],
    Industry.PUBLIC: [
        "城里多数人没见过{name}，却天天用得着{employer}的这份活。"
        "活做好了，没有人会想起来；{name}说，这样就对了。\n\n"
        "{position}一年到头在路上。{name}把常去的地方画成一张图，"
        "哪里容易出事、哪家有老人，都标得清楚，谁替班都能照着走。",
        "{employer}的值班室里，{name}的衣服总是搭在最顺手的地方。"
        "铃一响，人已经到了门口。\n\n"
        "同班的人说，做{position}，手快不算本事，心里有数才算。"
        "每次回来，{name}都要和大家把刚才的事从头说一遍，下一次就更稳。",
        "{name}刚当{position}那年，师傅只交代了一句：人家找你，是因为有难处。"
        "这句话，在{employer}一直记到今天。\n\n"
        "遇到着急的人，{name}先听完，再动手；办完了，第二天再问一声。"
        "来道谢的人多了，工友们笑说，这里快成了会客室。",
    ],
    Industry.CULTURE: [
        "{name}教人，先不教难的。来{employer}学艺的，有下了班的工友，也有带孩子的母亲，"
        "第一天都能带一样做成的东西回家。\n\n"
        "做{position}，最怕手艺断在自己手里。{name}把老一辈传下来的记成谱、画成样，"
        "谁想学都可以抄一份。",
        "{employer}的灯常常亮到很晚，{name}在里面等最后一个学的人。"
        "“下班晚的，更要等。”\n\n"
        "{position}的本事要花时间磨。{name}不催，只陪在旁边，"
        "一遍不成就再来一遍，直到对方自己点头。",
    ],
    Industry.FARMING: [
        "{name}出门先看天。在{employer}，雨早来一天、晚来一天，活的做法都不一样。"
        "看了几十年，看天也看出了门道。\n\n"
        "{position}的经验不好写在纸上，{name}就带着人一季一季地走，"
        "看颜色，闻气味，摸叶子，走完四季才算出师。",
        "山里的路，{name}走得比车熟。{employer}的人说，"
        "哪棵树生了虫、哪片坡该歇一歇，问这位{position}就行。\n\n"
        "有人劝{name}换个轻省的事做。回答是：“地认人，"
        "我一走，它得重新认一个。”",
    ],
}
_DEEDS_AS = {
    "钛材检测员": "{name}的岗位很安静，只有仪器的响声。送到{employer}的每一块样，"
    "都从编号看起，编号对不上的一律退回。\n\n"
    "数据出来以后，{name}习惯隔一会儿再读一遍。"
    "“第一遍看的是数，第二遍看的是有没有道理。”",
    "天车工": "从地面到驾驶室要爬几十级台阶，{name}每班先爬一趟，边爬边看钢丝绳和轨道。"
    "{employer}的老工友说，听这脚步声就放心。\n\n"
    "地面的人比一个手势，{name}就知道要往哪边、走多少。"
    "看不清的手势，宁可停下来再问一遍。",
    "叉车司机": "{employer}的通道窄，{name}开叉车从不抢。货叉落地、喇叭先响、转弯停一停，"
    "三个动作做了成千上万遍。\n\n"
    "货有轻重，也有脾气：玻璃要慢，鲜果要稳。"
    "{name}把这些写在一张卡片上，新来的司机人手一份。",
    "水轮机检修工程师": "机组停下来的那几天，{name}几乎住在{employer}的廊道里，"
    "钻进钻出，出来时分不清是水还是汗。\n\n"
    "图纸和现场对不上的地方，{name}一处一处改过来，"
    "再讲给后来的人听。“机器会老，图不能错。”",
    "运行值班员": "{employer}的中控室没有昼夜，{name}盯着的是水位、负荷和一排指示灯。"
    "大多数时候什么也不发生，{name}说，这就是最好的班。\n\n"
    "洪水来的夜里，电话一个接一个，"
    "{name}答得不快，每一个数都先看过再报。",
    "窗口受理员": "{employer}的窗口前，来的人常常攥着一叠材料，不知道先递哪一张。"
    "{name}先请人坐下，再一张一张理。\n\n"
    "缺什么，写在纸条上，写清去哪里开、几点有人。"
    "有人第二次来，举着纸条说：照着走，一趟就齐了。",
    "环卫工": "城市醒来之前，{name}已经扫完了半条街。{employer}的排班表换过多次，"
    "这条街一直没有换人。\n\n"
    "街坊出门买早点，先和{name}打声招呼；"
    "谁家掉了钥匙、孩子落了书包，也都到这里来问。",
    "选果班长": "一筐果子倒出来，{name}看一眼就知道哪些能走远路。"
    "采果季的{employer}，选果棚里最先亮灯的是这个班。\n\n"
    "姐妹们从各处来，有的头一回进选果棚。{name}手把手教，"
    "工钱怎么算、什么时候歇，也先讲得明明白白。",
    "汽轮机运行班长": "{name}接班，先不坐下，沿着机组走一遍，听见的、闻到的都记进交班本。"
    "{employer}的年轻人学会的第一件事，就是跟着走这一遍。\n\n"
    "遇到负荷大起大落的夜里，{name}的话很少，口令一个字是一个字。"
    "“操作票上没有‘差不多’。”",
    "高炉工长": "{employer}的炉况会上，{name}总带着一张手画的曲线。哪天料变了、哪天风大了，"
    "曲线上都有记号。\n\n"
    "老师傅退休前，{name}登门请教了一个冬天，把“看火”的窍门一条条写下来，"
    "再请大家挑毛病。那张表改到第九稿，才挂进值班室。",
    "内科医生": "每个月有两天，{name}的诊室在山上。背包里是血压计、听诊器和一本随访本，"
    "路上要转两趟车，再走一段山路。\n\n"
    "回到{employer}，{name}把山上的病人也排进自己的号里。"
    "“他们下山一趟不容易，来了就不能白跑。”",
    "果树技术员": "{name}随身带一把修枝剪。走到哪片果园，看见不合适的枝，先问主人，再示范一剪，"
    "剩下的让人家自己动手。\n\n"
    "{employer}的果农说，听{name}讲课不用记笔记，因为每句话都是在树底下说的。",
    "线路调度员": "{name}在{employer}的调度台前坐了十五年，哪条线几点挤、哪一站等的人多，"
    "不看表也说得出来。\n\n"
    "有一年冬天，几位下夜班的工友来信说赶不上末班车。{name}连着跟了一周的车，"
    "把三条线的时刻挪了几分钟，谁也没多等，大家都赶上了。",
    "数控铣工": "{employer}的铣床边有一排夹具，上面刻着徒弟的名字。"
    "{name}说，谁先想到的，就记谁的功劳。\n\n"
    "编好的程序，{name}要先用蜡块试一遍，看走刀像不像写字：起笔要轻，收笔要稳。"
    "试过了，才肯换上钢料。",
}
_MOTTOES = [
    "活干得好不好，自己心里最清楚。",
    "把手上这件事做好，就对得起这身工装。",
    "师傅怎么教我的，我就怎么教徒弟。",
    "别人看不见的地方，更要干净。",
    "不怕慢，就怕糊弄。",
]


def make(city: City) -> int:
    """Every award with its editions; how many names."""
    by = city.staff[SECRETARY]
    today = timezone.localdate()
    newest = newest_year(today)
    made, turns, album = 0, Counter(), Album()
    awards = (
        (1, CRAFTSMEN, _CRAFTSMEN_BY_AGE),
        (2, BEAUTIFUL, _BEAUTIFUL_BY_AGE),
        (0, MODELS, _MODELS_BY_AGE),
    )
    for position, facts, by_age in awards:
        award = services.save_award(
            award=AwardProgram(level=Level.CITY, position=position, **facts),
            by=by,
        )
        for age in sorted(by_age, reverse=True):
            edition = _edition(award, newest - age, by)
            for person in by_age[age]:
                honoree = _confer(edition, made, by, story(person, turns), *person)
                services.set_portrait(
                    honoree=honoree,
                    portrait=services.keep_portrait(album.next(motif(honoree))),
                    by=by,
                )
                made += 1
    return made


def story(person, turns: Counter) -> str:
    """The words of the post, or else the next of the trade's."""
    _name, _gender, _employer, position, industry, _deed = person
    if position in _DEEDS_AS:
        return _DEEDS_AS[position]
    turns[industry] += 1
    return _DEEDS[industry][(turns[industry] - 1) % len(_DEEDS[industry])]


def newest_year(today: date) -> int:
    """Of the newest editions that are conferred by now."""
    return today.year if today >= conferred_on(today.year) else today.year - 1


def conferred_on(year: int) -> date:
    return date(year, 4, 28)  # days before the day of labour


def _edition(award: AwardProgram, year: int, by) -> AwardEdition:
    edition = services.save_award(
        award=AwardEdition(
            program=award,
            year=year,
            title=f"{year}年“{award.name}”",
            conferred_on=conferred_on(year),
            awarding_body=_CONFERRED_BY_CITY
            if award.kind == ProgramKind.MODEL_WORKER
            else CONFERRED_BY,
        ),
        by=by,
    )
    return services.confer_edition(edition=edition, by=by)


def _confer(edition, n, by, story, name, gender, employer, position, industry, deed):
    return services.confer(
        edition=edition,
        name=name,
        employer=employer,
        by=by,
        gender=gender,
        position=position,
        industry=industry,
        deed=deed,
        deeds=story.format(name=name, employer=employer, position=position),
        motto=_MOTTOES[n % len(_MOTTOES)],
    )


def motif(honoree) -> str:
    """Which portraits suit: ``woman``, ``man-helmet-medal`` …"""
    worn = _WEARS_AS.get(honoree.position, _WEARS.get(honoree.industry, ""))
    is_beautiful = honoree.edition.program.kind == ProgramKind.BEAUTIFUL_WORKER
    who = "woman" if honoree.gender == W else "man"
    return "-".join(filter(None, (who, worn, "" if is_beautiful else "medal")))


def compose(edition, *, heads: int, by) -> None:
    """What a list of this edition is made of: at least half from the front line, at most
    ``heads`` per cent heads of companies, women as a wish."""
    rules = [
        (CompositionKind.FRONTLINE, Bound.FLOOR, 50, True),
        (CompositionKind.HEADS, Bound.CEILING, heads, True),
        (CompositionKind.WOMEN, Bound.FLOOR, 30, False),
    ]
    editions.save_parts(
        rows=[
            CompositionRule(
                edition=edition,
                kind=kind,
                bound=bound,
                percent=percent,
                is_hard=is_hard,
            )
            for kind, bound, percent, is_hard in rules
        ],
        by=by,
    )
