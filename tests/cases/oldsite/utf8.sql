-- MySQL dump 10.13  Distrib 5.5.62, for Linux (x86_64)
--
-- Host: localhost    Database: oldsite
-- ------------------------------------------------------

/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40101 SET NAMES utf8 */;

DROP TABLE IF EXISTS `v57_addonarticle`;
CREATE TABLE `v57_addonarticle` (
  `aid` mediumint(8) unsigned NOT NULL DEFAULT '0',
  `typeid` smallint(5) unsigned NOT NULL DEFAULT '0',
  `body` mediumtext,
  `redirecturl` varchar(255) NOT NULL DEFAULT '',
  `templet` varchar(30) NOT NULL DEFAULT '',
  `userip` char(15) NOT NULL DEFAULT '',
  PRIMARY KEY (`aid`),
  KEY `typeid` (`typeid`)
) ENGINE=MyISAM DEFAULT CHARSET=utf8;

LOCK TABLES `v57_addonarticle` WRITE;
/*!40000 ALTER TABLE `v57_addonarticle` DISABLE KEYS */;
INSERT INTO `v57_addonarticle` VALUES (100,2,'<p style=\"text-indent:2em\"><span class=\"mso\">　　展演在文化宫举行。</span></p>\r\n<p align=\"center\"><img src=\"/uploads/allimg/180601/choir.jpg\" width=\"500\" alt=\"合唱队在台上\" /></p><p><img src=\"http://old.example/uploads/allimg/lost.jpg\"/>观众很多。<script>alert(1)</script></p><p>#p#奖项#e#</p><p>共评出十个奖。<a href=\"/plus/view.php?aid=3\">上一届</a></p>','','','127.0.0.1'),(101,2,'<div>他说：\"功夫在诗外\"；(a),(b);</div><div>C:\\temp 縗</div>','','','127.0.0.1');
/*!40000 ALTER TABLE `v57_addonarticle` ENABLE KEYS */;
UNLOCK TABLES;

DROP TABLE IF EXISTS `v57_admin`;
CREATE TABLE `v57_admin` (
  `id` int(10) unsigned NOT NULL,
  `userid` char(30) NOT NULL DEFAULT '',
  `pwd` char(32) NOT NULL DEFAULT ''
) ENGINE=MyISAM DEFAULT CHARSET=utf8;
INSERT INTO `v57_admin` VALUES (1,'someone; (here)','x');

DROP TABLE IF EXISTS `v57_archives`;
CREATE TABLE `v57_archives` (
  `id` mediumint(8) unsigned NOT NULL DEFAULT '0',
  `typeid` smallint(5) unsigned NOT NULL DEFAULT '0',
  `flag` set('c','h','p','f','s','j','a','b') DEFAULT NULL,
  `ismake` smallint(6) NOT NULL DEFAULT '0',
  `channel` smallint(6) NOT NULL DEFAULT '1',
  `arcrank` smallint(6) NOT NULL DEFAULT '0',
  `title` char(60) NOT NULL DEFAULT '',
  `writer` char(20) NOT NULL DEFAULT '',
  `source` char(30) NOT NULL DEFAULT '',
  `litpic` char(100) NOT NULL DEFAULT '',
  `pubdate` int(10) unsigned NOT NULL DEFAULT '0',
  `senddate` int(10) unsigned NOT NULL DEFAULT '0',
  `description` varchar(255) NOT NULL DEFAULT '',
  PRIMARY KEY (`id`),
  KEY `sortrank` (`typeid`,`arcrank`)
) ENGINE=MyISAM DEFAULT CHARSET=utf8;
INSERT INTO `v57_archives` VALUES (100,2,'h',1,1,0,'示例市举办职工合唱&quot;迎五一&quot;展演','示例·王记者','示例日报','',1527811200,1527811200,'三十支队伍同台。'),(101,2,NULL,1,1,0,'誠信為本：O\'Brien \\ 先生来访','admin','未知','',1527814800,1527811200,'');

DROP TABLE IF EXISTS `v57_arctype`;
CREATE TABLE `v57_arctype` (
  `id` smallint(5) unsigned NOT NULL AUTO_INCREMENT,
  `reid` smallint(5) unsigned NOT NULL DEFAULT '0',
  `typename` char(30) NOT NULL DEFAULT '',
  PRIMARY KEY (`id`)
) ENGINE=MyISAM AUTO_INCREMENT=9 DEFAULT CHARSET=utf8;
INSERT INTO `v57_arctype` VALUES (2,0,'工会要闻'),(3,0,'通知公告');

-- Dump completed on 2018-06-05  9:00:00
