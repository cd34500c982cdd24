"""Role name → permissions: the only list of roles. ``manage.py sync_roles`` writes it.

A permission is ``app_label.codename``. Which *rows* somebody sees is decided by
``managed_by``, not here.
"""

_ALL = "view add change delete"


def _rights(label: str, models: str, verbs: str = "view add change") -> set[str]:
    return {
        f"{label}.{verb}_{model}" for model in models.split() for verb in verbs.split()
    }


_READ_EVERYTHING_PUBLIC = (
    _rights("news", "column article series", "view")
    | _rights("activities_training", "term coursekind courseclass lesson", "view")
    | _rights("activities_venues", "venue room", "view")
    | _rights("honors", "honoree awardprogram awardedition", "view")
    | _rights("volunteers", "volunteerteam membership", "view")
)

ADMINISTRATOR = "系统管理员"

# what a steward does for the people of their unions beside their rows
_STEWARDING = {
    "members.verify_worker",
    "members.view_uniontransfer",
    "members.add_uniontransfer",
    "members.change_uniontransfer",
    "members.view_correctionrequest",
    "members.change_correctionrequest",
}

# what readers say, in the columns they work in
_MODERATING = {
    "news.moderate_comment",
    "news.view_comment",
    "news.view_commentword",
    "news.add_commentword",
}

ROLES: dict[str, set[str]] = {
    # runs the site; touches no content, no people's rows and no honours
    ADMINISTRATOR: _rights("members", "user stewardship")
    | _rights("members", "rolerequest", "view change")
    | {"members.delete_stewardship"}  # what was given can be taken away
    | _rights("members", "unionorg")
    | {"members.view_all_workers"}
    # what stands around every page
    | _rights("unionportal", "sitesettings", "view change")
    # the columns and who works in which; their articles are not theirs to read
    | _rights("news", "column")
    | _rights("news", "columnduty", "view add delete")
    | _rights("common", "holiday")
    | _rights("common", "searchword", _ALL)
    | {"common.view_backgroundtask", "common.rerun_backgroundtask"}
    | _rights("members", "smschoice", "view change")
    | _rights("unionportal", "greyperiod footerlink sitemark", _ALL),
    # in which columns, says a ColumnDuty
    "编辑": _rights("news", "article series standingpage")
    | _rights("news", "placement", _ALL)
    | _rights("news", "column phrase", "view")
    | {"news.publish_article", "news.add_wordingwaiver"}
    | _MODERATING,
    "初审": _rights("news", "article series column phrase", "view")
    | {"news.review_first", "news.add_wordingwaiver"},
    "复审": _rights("news", "article series column phrase", "view")
    | {"news.review_second", "news.add_wordingwaiver"},
    "终审": _rights("news", "article series column", "view")
    | {"news.review_final", "news.publish_article", "news.publish_urgently"}
    | _MODERATING
    | {"news.change_commentword", "news.delete_commentword", "news.close_comments"}
    # the second person of what three reviews do not see
    | _rights("news", "placement standingpage", "view")
    | {"news.approve_placement", "news.approve_standingpage"}
    # keeps the list of fixed wording and the register of channels
    | _rights("news", "channel inspection phrase")
    | _rights("news", "wordingwaiver", "view add")
    # answers for what was public on an old site
    | {"news.import_articles", "news.view_importedarticle"},
    "培训管理员": _rights("activities_training", "term coursekind courseclass lesson")
    | _rights("activities_training", "termplan")
    | {"signups.call_people", "signups.note_attendance"}
    | _rights("activities_venues", "venue", "view")
    | _rights("activities_venues", "room", "view")
    | _rights("signups", "offering seatpool", "view change")
    | _rights("signups", "signup")
    | _rights("signups", "rules", "view add")
    | _rights("signups", "draw")
    | {"signups.run_draw"}
    | _rights("signups", "appeal", "view change")
    | {"signups.manage_class", "signups.manage_programme", "signups.manage_meet"}
    | _rights("members", "noticetext", "view")
    | _rights("members", "worker", "view")
    | {"members.view_all_workers"},
    "工会干部": _rights("members", "worker")
    | {"members.import_roster", "members.view_rosterimport"}
    | _rights("members", "unionorg", "view")
    | _STEWARDING
    | {"members.confirm_roster"}
    | _rights("signups", "offering", "view")
    | _rights("signups", "signup")  # and cancels for who cannot
    | _rights("signups", "appeal", "view change")
    | {"signups.excuse_absence"}
    | {"members.reveal_phone"}  # of their own unions' people
    | _rights("volunteers", "need")
    | {"honors.nominate"},
    # of the unions they are reviewers of (``Stewardship``)
    "县区审核": {"honors.review_nomination"},
    "荣誉秘书": _rights("honors", "honoree awardprogram awardedition")
    # by what an award is decided: rows below an award or an edition
    | _rights("honors", "criterion requireddocument compositionrule", _ALL)
    | {"honors.revoke_honoree", "honors.confer_awardedition"}
    | {"honors.run_edition", "honors.handle_objection"}
    | {"honors.import_honours", "honors.view_honourimport"},
    "评委": _rights("honors", "honoree awardprogram awardedition", "view")
    | {"honors.score_nomination"},  # the files that are dealt to them
    # answers for what the secretary asks
    "分管领导": _rights("honors", "honoree awardprogram awardedition", "view")
    | {"honors.approve_waiver"},
    # of the teams they lead
    "队长": _rights("volunteers", "volunteerteam membership need", "view")
    | _rights("volunteers", "serviceevent servicerecord", "view")
    | _rights("volunteers", "joinrequest", "view change")
    | {
        "volunteers.take_need",
        "volunteers.run_service",
        "volunteers.export_members",
        "volunteers.call_members",
    },
    "志愿服务统筹": _rights("volunteers", "volunteerteam need partner skill")
    | _rights("volunteers", "reportedfigure")
    | _rights("volunteers", "joinrequest", "view change")
    | {
        "volunteers.assign_need",
        "volunteers.run_service",
        "volunteers.export_members",
        "volunteers.call_members",
    }
    | _rights("volunteers", "membership", "view add change")
    | _rights("volunteers", "serviceevent servicerecord hourscertificate", "view")
    | {"volunteers.certify_hours", "volunteers.import_hours"}
    | _rights("members", "worker", "view")
    | {
        "volunteers.view_all_teams",
        "members.view_all_workers",
        "signups.manage_post",
    },
    "场馆管理员": _rights("activities_venues", "venue room") | {"signups.manage_slot"},
    "任课教师": _rights("activities_training", "courseclass lesson", "view")
    | {"signups.note_attendance"},  # of the classes they teach
    "服务台": _rights("members", "worker unionorg", "view")
    | _STEWARDING
    | {"members.import_roster", "members.view_rosterimport"}
    | _rights("signups", "offering", "view")
    | _rights("signups", "signup")
    | {"signups.view_all_signups"}
    # the second pair of eyes of a draw
    | {"signups.view_draw", "signups.witness_draw"}
    | {"members.view_noticetext", "members.resend_noticetext"}
    | {"members.view_all_workers", "members.reveal_phone"},
    "审计员": _READ_EVERYTHING_PUBLIC
    | _rights("members", "user worker unionorg stewardship rosterimport", "view")
    | _rights("members", "uniontransfer correctionrequest rolerequest", "view")
    | _rights("signups", "offering seatpool signup rules draw appeal", "view")
    | {
        "members.view_all_workers",
        "signups.view_all_signups",
        "volunteers.view_all_teams",
        "news.all_columns",
        "news.view_columnduty",
    }
    | _rights("volunteers", "need partner skill joinrequest reportedfigure", "view")
    | _rights("volunteers", "serviceevent servicerecord hourscertificate", "view")
    | _rights("volunteers", "hoursimport", "view")
    | _rights("news", "importedarticle phrase wordingwaiver", "view")
    | _rights("news", "channel inspection comment commentword", "view")
    | _rights("news", "placement standingpage", "view")
    # the audit and the history of every table
    | _rights("common", "holiday backgroundtask searchword", "view")
    | _rights("members", "certificate noticetext smschoice", "view")
    | {"common.view_auditevent", "common.view_change"}
    | _rights("unionportal", "sitesettings greyperiod footerlink sitemark", "view"),
    # of the partner whose account it is
    "社会组织": _rights("volunteers", "volunteerteam", "view")
    | _rights("volunteers", "need"),
}
