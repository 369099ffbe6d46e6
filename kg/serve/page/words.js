// The words of the page in both languages. Which one is shown is kept in this browser only.

const WORDS = {
  name: ["实践图谱", "Practice graph"],
  home: ["首页", "Home"],
  search: ["搜索", "Search"],
  compare: ["比较", "Compare"],
  timeline: ["时间线", "Timeline"],
  map: ["地图", "Map"],
  graph: ["图", "Graph"],
  sparql: ["SPARQL", "SPARQL"],
  practice: ["实践", "Practice"],
  article: ["文章", "Article"],
  other: ["English", "中文"],
  otherLabel: ["Switch to English", "切换到中文"],
  theme: ["深色 / 浅色", "Dark / light"],
  pages: ["页面", "Pages"],
  local: ["只在本机、只读；数据不离开这台电脑。", "On this machine only, read-only; nothing leaves it."],
  api: ["接口", "API"],
  version: ["版本", "Version"],
  failed: ["没有成功", "That did not work"],
  stale: ["数据已重新构建：重启 kg serve 可看到新的。", "The store was built again: restart kg serve to see it."],
  loading: ["正在读取…", "Loading …"],
  // home
  lead: ["{0} 篇报道中的 {1} 项实践，来自 {2} 个省级地区。每个说法都能打开原句。", "{1} practices from {0} articles in {2} provinces. Every claim opens its sentence."],
  span: ["报道日期 {0} 至 {1}", "Articles from {0} to {1}"],
  askFor: ["搜实践、地方、形式、对象、主题或原文…", "Practices, places, formats, audiences, topics or words of the text …"],
  ask: ["可以这样问", "What to ask"],
  askShared: ["哪些做法在不同省份都有？", "Which formats do different provinces share?"],
  askSharedMore: ["地区 × 形式的热力表", "A heat map of regions and formats"],
  askSpread: ["“{0}”最早在哪里、何时出现？", "Where and when did “{0}” first appear?"],
  askSpreadMore: ["按首次报道排列的时间线", "A timeline of first appearances"],
  askFor2: ["面向“{0}”的实践有哪些？", "Which practices are for “{0}”?"],
  askFor2More: ["带原句的列表", "A list with sentences"],
  askMap: ["“{0}”在全国怎样分布？", "Where in the country is “{0}”?"],
  askMapMore: ["按省份着色的地图", "A map coloured by province"],
  askFamily: ["整张图里什么最要紧？", "What matters in the whole graph?"],
  askFamilyMore: ["从最大的枢纽开始展开", "Opens on the hubs, expandable"],
  askSparql: ["自己写查询", "Write a query of your own"],
  askSparqlMore: ["现成的查询可改可用", "Ready-made queries to start from"],
  byYear: ["各年份的实践", "Practices by year"],
  unknownYear: ["未注明", "not told"],
  caution: ["报道不等于实践：没有报道不说明没有做。", "Press is not practice: what was not reported may still exist."],
  // kinds and slots
  kind: ["种类", "Kind"],
  level: ["层级", "Level"],
  all: ["合计", "All"],
  region: ["地区", "Region"],
  format: ["形式", "Format"],
  audience: ["对象", "Audience"],
  topic: ["主题", "Topic"],
  organisation: ["机构", "Organisation"],
  outcome: ["成效", "Outcome"],
  year: ["年份", "Year"],
  programme: ["项目", "Programme"],
  formats: ["形式", "Formats"],
  audiences: ["对象", "Audiences"],
  topics: ["主题", "Topics"],
  organisers: ["主办方", "Organisers"],
  partners: ["协作方", "Partners"],
  venues: ["场所", "Venues"],
  channels: ["渠道", "Channels"],
  outcomes: ["成效", "Outcomes"],
  dates: ["时间", "Dates"],
  province: ["省级", "Province"],
  prefecture: ["地级", "Prefecture"],
  county: ["县级", "County"],
  township: ["乡级", "Township"],
  village: ["村级", "Village"],
  zone: ["功能区", "Zone"],
  unresolved: ["未定", "Unresolved"],
  // search
  filters: ["筛选", "Filters"],
  clear: ["清除全部", "Clear all"],
  remove: ["去掉 {0}", "Remove {0}"],
  results: ["{0} 项实践", "practices: {0}"],
  inTime: ["{0} 毫秒", "{0} ms"],
  none: ["没有符合的实践。去掉一个筛选，或换个词。", "Nothing fits. Remove a filter or try other words."],
  more: ["显示更多", "Show more"],
  moreValues: ["更多（{0}）", "More ({0})"],
  fewer: ["收起", "Fewer"],
  anyOf: ["选几个：有其中任何一个的实践；各类筛选之间要都符合", "Several of one kind: practices that have any of them; filters of different kinds must all fit"],
  status: ["状态", "Status"],
  achieved: ["已开展", "Carried out"],
  planned: ["计划中", "Planned"],
  quoted: ["转述", "Quoted"],
  confidence: ["置信度至少", "Confidence at least"],
  stated: ["只看明述，不看推断", "Stated only, nothing inferred"],
  from: ["从", "From"],
  to: ["到", "To"],
  sort: ["排序", "Sort by"],
  relevance: ["相关", "Relevance"],
  byName: ["名称", "Name"],
  place: ["地区", "Place"],
  newest: ["最新", "Newest"],
  oldest: ["最早", "Oldest"],
  alsoFound: ["也找到", "Also found"],
  notReady: ["原文索引还在准备，目前只搜名称。", "The index of the text is being made; names only for now."],
  nArticles: ["{0} 篇报道", "articles: {0}"],
  placeUnknown: ["地点不明", "Place not known"],
  csv: ["CSV", "CSV"],
  download: ["下载", "Download"],
  // practice
  unnamed: ["原文未命名", "No name of its own"],
  inferred: ["推断", "inferred"],
  candidate: ["候选概念", "candidate concept"],
  partOf: ["属于", "Part of"],
  parts: ["包含", "Its parts"],
  disagree: ["说法不一", "Sources disagree"],
  disagreeBetween: ["不同报道的说法不同", "Different articles say different things"],
  disagreeWithin: ["同一报道里有不同说法", "One article says different things"],
  nearest: ["其他地区相近的实践", "Nearest practices elsewhere"],
  because: ["共有", "Shares"],
  rare: ["全图 {0} 项", "{0} in all"],
  sources: ["报道", "Sources"],
  repost: ["转载自 {0}", "Repost of {0}"],
  onlyRepost: ["只有转载这样写", "only a repost tells of it"],
  readIt: ["在全文中看", "Read in the article"],
  alsoIn: ["另见于 {0}", "Also printed in {0}"],
  rule: ["规则 {0}，置信度 {1}", "Rule {0}, confidence {1}"],
  cite: ["引用", "To cite"],
  copy: ["复制", "Copy"],
  copied: ["已复制", "Copied"],
  noNear: ["没有相近的实践。", "No practice elsewhere shares anything."],
  openAll: ["展开所有原句", "Open all sentences"],
  closeAll: ["收起所有原句", "Close all sentences"],
  inGraph: ["在图中看", "See in the graph"],
  compareWith: ["与此并排", "Side by side"],
  start: ["开始", "start"],
  opened: ["启用", "opened"],
  held: ["举行", "held"],
  period: ["期间", "period"],
  recurrence: ["周期", "recurrence"],
  first: ["首见", "First told"],
  // article
  clean: ["清理后的正文", "Clean text"],
  original: ["原文件", "Original file"],
  originalGone: ["原文件已不在读取时的位置", "The original file is no longer where it was read"],
  record: ["读出的内容", "What was read"],
  visit: ["原网页", "Web page"],
  notes: ["读取说明", "Notes of reading"],
  nothing: ["这篇文章里没有读出实践。", "Nothing was read from this article."],
};

let language = localStorage.getItem("language") ?? (navigator.language.startsWith("zh") ? "zh" : "en");

export function add(words) {
  Object.assign(WORDS, words);
}

export function t(key, ...values) {
  const said = WORDS[key]?.[language === "zh" ? 0 : 1] ?? key;
  return said.replace(/\{(\d)\}/g, (_, place) => String(values[place] ?? ""));
}

/** The label of a thing in the language of the page. */
export function named(thing) {
  return (language === "en" && thing.label_en) || thing.label;
}

export function current() {
  return language;
}

export function choose(other) {
  language = other;
  localStorage.setItem("language", other);
}

export function number(value) {
  return Number(value).toLocaleString(language === "zh" ? "zh-CN" : "en-GB", { maximumFractionDigits: 4 });
}
