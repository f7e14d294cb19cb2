using Pm.Simulation.Lying;

namespace Pm.Cli.Tests.Hostile;

/// <summary>Every lie that a server can tell, by its number and name, and what comes of it for each kind of remote.</summary>
static class LieTable
{
    /// <summary>How many kinds of lies there are.</summary>
    public const int Count = 56;

    const string NoFraming = "- a file has one length, which its file system knows";
    const string NoTime = "- the kernel gives a file's bytes when it is asked for them";
    const string NoHttp = "- nobody answers: files are opened";
    const string NoParts = "- a file of this machine is read in one go, and nothing of it is kept";
    const string NoUrl = "- a file leads nowhere; what a symbolic link does is under 29, 32 and 33";
    const string NoTls = "- nothing is encrypted there";
    const string NoGitParts = "- git asks for no parts of a file";
    const string NoGitKept = "- nothing is kept of a fetch that broke off";
    const string NoGitMirror = "- a git repository has one place";
    const string NoGitRoles = "- nothing of it is signed: who serves it says what a branch is, and `pm update` shows from which commit to which it goes";
    const string NoGitReplace = "- each request of git's protocol stands for itself";
    const string NoOciKept = "- nothing is kept of a layer that broke off";
    const string NoOciMirror = "- a registry has one place";
    const string NoOciRoles = "- nothing of it is signed but the packages: a tag is what its registry says it is, and `@sha256:` names one state for ever";
    const string NoOciReplace = "- one manifest is read, and all else is named by its digest";
    const string NotSigned = "- nothing of it is signed but the packages";

    public static IReadOnlyList<HostileLie> All { get; } =
    [
        // Length and framing.
        new(1, "body shorter than Content-Length") { Web = Lies.ShortBodyAsync, File = (_, file) => ServedDirectory.Cut(file), Http = "PM6003", Directory = "PM3020 PM3024 PM6006", Plain = "PM6003", Git = "PM7205", Oci = "PM6003" },
        new(2, "body longer than Content-Length") { Web = Lies.LongBodyAsync, File = (_, file) => ServedDirectory.Append(file), Http = "ok", Directory = "PM3020 PM6004 PM6004", Plain = "ok", Git = "ok/PM7205", Oci = "ok" },
        new(3, "no length and no end") { Words = "endless data attack refused|expected at most \\d+ bytes, got 1099511627776", Web = Lies.EndlessBodyAsync, File = (_, file) => ServedDirectory.Swell(file), Http = "PM6004", Directory = "PM6004", Plain = "PM6004", Git = "PM7205", GitWords = "does not fit into the memory|bad line length character", Oci = "PM6004" },
        new(4, "two differing Content-Length") { Web = Lies.TwoLengthsAsync, Http = "PM6012", Directory = NoFraming, Plain = "PM6012", Git = "PM7205", Oci = "PM6012" },
        new(5, "Content-Length and chunks") { Web = Lies.LengthAndChunksAsync, Http = "PM6012", Directory = NoFraming, Plain = "PM6012", Git = "ok/PM7205", Oci = "PM6012" },
        new(6, "negative chunk") { Words = "not an answer of HTTP: received chunk header length could not be parsed", Web = Lies.ChunkSize("-1"), Http = "PM6012", Directory = NoFraming, Plain = "PM6012", Git = "PM7205", Oci = "PM6012" },
        new(6, "huge chunk") { Words = "answer ended after|endless data attack refused", Web = Lies.ChunkSize("7fffffffffffffff"), Http = "PM6003 PM6004 PM6004", Directory = NoFraming, Plain = "PM6003 PM6004", Git = "PM7205", Oci = "PM6003 PM6003 PM6004" },
        new(6, "bad chunk") { Words = "not an answer of HTTP: received chunk header length could not be parsed", Web = Lies.ChunkSize("zz"), Http = "PM6012", Directory = NoFraming, Plain = "PM6012", Git = "PM7205", Oci = "PM6012" },
        new(6, "no last chunk") { Words = "answer ended after", Web = Lies.NoLastChunkAsync, Http = "PM6003", Directory = NoFraming, Plain = "PM6003", Git = "PM7205 ok/PM7205 ok/PM7205", Oci = "PM6003" },
        new(7, "endless headers") { Words = "headers of the answer are longer than pm reads", Web = Lies.EndlessHeadersAsync, Http = "PM6012", Directory = NoHttp, Plain = "PM6012", Git = "PM7205", GitWords = "Too large response headers|does not fit into the memory|Out of memory", Oci = "PM6012" },
        new(7, "huge header") { Words = "headers of the answer are longer than pm reads", Web = Lies.HugeHeaderAsync, Http = "PM6012", Directory = NoHttp, Plain = "PM6012", Git = "PM7205", GitWords = "Too large response headers|does not fit into the memory|Out of memory", Oci = "PM6012" },
        new(8, "endless 1xx") { Words = "headers of the answer are longer than pm reads", Web = Lies.EndlessInterimAsync, Http = "PM6012", Directory = NoHttp, Plain = "PM6012", Git = "PM7205", Oci = "PM6012" },
        new(9, "right length, wrong bytes") { Words = "expected sha|not valid JSON|it is not JSON|checksum of a header is wrong", Web = Lies.WrongBytesAsync, File = (_, file) => ServedDirectory.Alter(file), Http = "PM3020 PM3024 PM6006", Directory = "PM3020 PM3024 PM6006", Plain = "PM2015 PM2201", Git = "PM7205", Oci = "PM6063 PM6063 PM6067" },
        new(10, "longer than signed") { Web = Lies.TooLongAsync, File = (_, file) => System.IO.File.AppendAllBytes(file, System.IO.File.ReadAllBytes(file)), Http = "PM3020 PM6004 PM6004", Directory = "PM3020 PM6004 PM6004", Plain = "PM2015 PM6004", Git = "PM7205", Oci = "PM6063 PM6063 PM6004" },
        new(11, "empty 200") { Words = "expected .* got 0|not valid JSON|it is not JSON|`manifest.sha256` is missing", Web = Lies.EmptyAsync, File = (_, file) => ServedDirectory.Empty(file), Http = "PM3020 PM3024 PM6006", Directory = "PM3020 PM3024 PM6006", Plain = "PM2015 PM2301", Git = "PM7205", Oci = "PM6063 PM6063 PM6067" },
        new(12, "a second answer behind the first") { Web = Lies.SecondAnswerAsync, Http = "ok", Directory = NoHttp, Plain = "ok", Git = "ok/PM7205", Oci = "ok" },

        // Time.
        new(13, "accepts and never answers") { Words = "no answer within 30 seconds|not a regular file but a pipe", Web = Lies.SilenceAsync, File = (_, file) => ServedDirectory.MakePipe(file), Http = "PM6003", Directory = "PM6003", Plain = "PM6003", Git = "PM7205", GitWords = "Operation too slow", Oci = "PM6003" },
        new(14, "headers byte by byte") { Words = "no answer within 30 seconds", Web = Lies.SlowHeadersAsync, Http = "PM6003", Directory = NoTime, Plain = "PM6003", Git = "PM7205", GitWords = "Operation too slow", Oci = "PM6003" },
        new(15, "body byte by byte") { Words = "too slow: expected|no answer within|the answer ended after", Web = Lies.SlowBodyAsync, Http = "PM6003", Directory = NoTime, Plain = "PM6003", Git = "PM7205", GitWords = "Operation too slow", Oci = "PM6003" },
        new(16, "stall before the end") { Words = "too slow: expected|no answer within|the answer ended after", Web = Lies.StallAsync, Http = "PM6003", Directory = NoTime, Plain = "PM6003", Git = "PM7205", GitWords = "Operation too slow", Oci = "PM6003" },
        new(17, "reset in mid-body") { Web = Lies.ResetAsync, Http = "PM6003", Directory = NoTime, Plain = "PM6003", Git = "PM7205", Oci = "PM6003" },
        new(18, "closes a kept connection") { Web = Lies.CloseAfterAsync, Http = "ok", Directory = NoHttp, Plain = "ok", Git = "ok", Oci = "ok" },

        // Ranges and resuming.
        new(19, "everything for a part") { Fresh = () => Lies.BrokenOff(Lies.WholeAsync), Http = "ok", Directory = NoParts, Plain = "ok", Git = NoGitParts, Oci = "ok" },
        new(20, "206 with the wrong start") { Fresh = () => Lies.BrokenOff(Lies.PartThatSays(a => $"bytes {a.Offset + 1}-{a.Content!.Length - 1}/{a.Content.Length}")), Http = "ok", Directory = NoParts, Plain = "ok", Git = NoGitParts, Oci = "ok" },
        new(21, "206 with the wrong total") { Fresh = () => Lies.BrokenOff(Lies.PartThatSays(a => $"bytes {a.Offset}-{a.Content!.Length - 1}/{a.Content.Length + 7}")), Http = "ok", Directory = NoParts, Plain = "ok", Git = NoGitParts, Oci = "ok" },
        new(22, "206 without Content-Range") { Fresh = () => Lies.BrokenOff(Lies.PartThatSays(_ => null)), Http = "ok", Directory = NoParts, Plain = "ok", Git = NoGitParts, Oci = "ok" },
        new(23, "206 that was not asked for") { Web = Lies.PartThatSays(a => $"bytes 0-{a.Content!.Length - 1}/{a.Content.Length}"), Http = "PM6011", Directory = NoParts, Plain = "PM6011", Git = "PM7205 ok ok", Oci = "PM6011" },
        new(24, "many parts") { Fresh = () => Lies.BrokenOff(Lies.ManyPartsAsync), Http = "ok", Directory = NoParts, Plain = "ok", Git = NoGitParts, Oci = "ok" },
        new(25, "fewer bytes than the range") { Fresh = () => Lies.BrokenOff(Lies.ShortPartAsync), Http = "ok", Directory = NoParts, Plain = "ok", Git = NoGitParts, Oci = "ok" },
        new(25, "more bytes than the range") { Fresh = () => Lies.BrokenOff(Lies.LongPartAsync), Http = "ok", Directory = NoParts, Plain = "ok", Git = NoGitParts, Oci = "ok" },
        new(26, "416 for what can be had") { Fresh = () => Lies.BrokenOff(Lies.NotSatisfiableAsync), Http = "ok", Directory = NoParts, Plain = "ok", Git = NoGitParts, Oci = "ok" },
        new(27, "the file changed between the parts") { Words = "became another file while it was fetched", Fresh = () => Lies.BrokenOff(Lies.ChangedAsync), Http = "PM6012", Directory = NoParts, Plain = "PM6012", Git = NoGitParts, Oci = "ok ok PM6012" },
        new(27, "the file changed, and its tag did not") { Fresh = () => Lies.BrokenOff(Lies.WrongRestAsync), Http = "PM3020 PM3024 PM6006", Directory = NoParts, Plain = "PM2015 ok", Git = NoGitParts, Oci = "ok ok PM6067" },
        new(28, "what an earlier run kept is wrong") { State = StateLies.SpoilKeptPartsAsync, NoMirror = "with a mirror nothing breaks off", Http = "ok", Directory = NoParts, Plain = "- without a signed digest nothing is kept", Git = NoGitKept, Oci = NoOciKept },

        // Redirects.
        new(29, "redirect loop") { Words = "more than 10 of them, the last from|got a symbolic link", Web = Lies.RedirectTo(a => a.Request.Target), File = (_, file) => ServedDirectory.LinkToItself(file), Http = "PM6014", Directory = "PM6003", Plain = "PM6014", Git = "PM6014 PM7205 PM7205", GitWords = "redirect refused|returned error: 302", Oci = "PM6011 PM6014" },
        new(30, "endless redirects") { Words = "more than 10 of them, the last from", Web = Lies.RedirectTo(a => a.Request.Target + "x"), Http = "PM6014", Directory = NoUrl, Plain = "PM6014", Git = "PM6014 PM7205 PM7205", GitWords = "redirect refused|returned error: 302", Oci = "PM6011 PM6014" },
        new(31, "redirect from https to http") { Words = "it leads from https to http", NewWeb = story => Lies.RedirectTo(a => $"http://127.0.0.1:{story.Server!.Port}/{a.Request.Path}"), Http = "- it is http already", Https = "PM6014", Directory = NoUrl, Plain = "- it is http already", Git = "PM6014 PM7205 PM7205", GitWords = "it leads from https to http|returned error: 302", NewGit = story => Lies.RedirectTo(a => $"http://127.0.0.1:{story.Open.Port}/{a.Request.Path}"), Oci = "PM6011 PM6014", NewOci = story => Lies.RedirectTo(a => $"http://{story.Host}/{a.Request.Path}") },
        new(32, "redirect to a file") { Words = "http and https only|got a symbolic link", Web = Lies.RedirectTo("file:///etc/passwd"), File = (story, file) => ServedDirectory.LinkTo(file, "/etc/passwd"), Http = "PM6014", Directory = "PM6003", Plain = "PM6014", Git = "PM6014 PM7205 PM7205", GitWords = "http and https only|returned error: 302", Oci = "PM6011 PM6014" },
        new(32, "redirect to an unknown scheme") { Words = "http and https only", Web = Lies.RedirectTo("gopher://127.0.0.1/x"), Http = "PM6014", Directory = NoUrl, Plain = "PM6014", Git = "PM6014 PM7205 PM7205", GitWords = "http and https only|returned error: 302", Oci = "PM6011 PM6014" },
        new(33, "redirect from outside to this machine") { Words = "on this machine or its link|got a symbolic link", NewWeb = story => Lies.RedirectTo(a => $"{story.Mirror!.Url}/{a.Request.Path}"), IsOutside = true, File = (story, file) => story.Files.LinkOut(file), Http = "PM6014", Directory = "PM6003", Plain = "PM6014", NoMirror = "all hosts are one server behind the proxy of this test", Git = "PM6014 PM7205 PM7205", GitWords = "on this machine or its link|returned error: 302", NewGit = story => Lies.RedirectTo(a => $"{story.Mirror.Url}/{a.Request.Path}"), Oci = "PM6011 PM6014", NewOci = story => Lies.RedirectTo(a => $"{story.Mirror.Url}/{a.Request.Path}") },
        new(34, "redirect with a line break") { Words = "holds control characters", Web = Lies.RedirectTo("/x%0d%0aSet-Cookie:%20x"), Http = "PM6014", Directory = NoUrl, Plain = "PM6014", Git = "PM6014 PM7205 PM7205", GitWords = "holds control characters|returned error: 302", Oci = "PM6011 PM6014" },
        new(35, "redirect to another host") { NewWeb = story => Lies.RedirectTo(a => $"{story.Mirror!.Url}/{a.Request.Path}"), Http = "ok", Directory = NoUrl, Plain = "ok", Git = "ok PM7205 PM7205", GitWords = "returned error: 302", NewGit = story => Lies.RedirectTo(a => $"{story.Mirror.Url}/{a.Request.Path}"), Oci = "PM6011 ok", NewOci = story => Lies.RedirectTo(a => $"{story.Mirror.Url}/{a.Request.Path}") },
        new(36, "redirect with a body") { Web = Lies.RedirectThatSpeaks(HostileStory.Moved), Http = "ok", Directory = NoUrl, Plain = "ok", Git = "ok PM7205 PM7205", GitWords = "returned error: 302", Oci = "PM6011 ok" },

        // Content.
        new(37, "captive portal") { Words = "expected .* got 35|not valid JSON|it is not JSON|not a tar archive", Web = Lies.PortalAsync, File = (_, file) => System.IO.File.WriteAllText(file, "<html>Welcome! Please log in</html>"), Http = "PM3020 PM3024 PM6006", Directory = "PM3020 PM3024 PM6006", Plain = "PM2015 PM2201", Git = "PM7204 PM7205 PM7205", GitWords = "nor any other name|bad line length character", Oci = "PM6063 PM6063 PM6067" },
        new(38, "a wrong Content-Type") { Web = Lies.WrongTypeAsync, Http = "ok", Directory = NoHttp, Plain = "ok", Git = "PM7205 ok ok", Oci = "ok" },
        new(39, "compression bomb") { Web = Lies.BombAsync, Http = "PM6012", Directory = NoHttp, Plain = "PM6012", Git = "PM7205", Oci = "PM6012" },
        new(40, "unknown encoding") { Web = Lies.Encoded("x-own"), Http = "PM6012", Directory = NoHttp, Plain = "PM6012", Git = "PM7205", Oci = "PM6012" },
        new(40, "two encodings") { Web = Lies.Encoded("br", "zstd"), Http = "PM6012", Directory = NoHttp, Plain = "PM6012", Git = "PM7205", Oci = "PM6012" },
        new(41, "304 though nothing is cached") { Web = Lies.Status("304 Not Modified"), Http = "PM6011", Directory = NoHttp, Plain = "PM6011", Git = "PM7205", Oci = "PM6011" },
        new(42, "another signed file under this name") { Words = "expected signatures of 1|expected .* got|asked for tool@.* got tool@1.0.0 \\(validly signed\\)", NewWeb = story => Lies.Another(path => StateLies.AnotherFile(story, path)), File = StateLies.BecomeAnother, Http = "PM3023 PM3024 PM6006", Directory = "PM3023 PM3024 PM6006", Plain = "old PM7501", Git = "ok PM7205 PM7205", GitWords = "not our ref", NewGit = story => story.OfAnotherRepositoryAsync, Oci = "PM6061 old PM6004/PM6067 PM6004/PM6067", NewOci = story => story.OfThePast },
        new(43, "different bytes at each request") { Words = "expected sha|not valid JSON|it is not JSON|checksum of a header is wrong", Fresh = () => Lies.EverChanging(), Http = "PM3020 PM3024 PM6006", Directory = "- what is opened once is read once; under 9 is what a file comes to that was altered", Plain = "PM2015 PM2201", Git = "PM7205", NewGit = _ => Lies.EverChanging(), Oci = "PM6063 PM6063 PM6067" },
        new(44, "mirrors that disagree") { State = StateLies.GoBackAsync, Http = "old", Directory = "old", Plain = "old", NoMirror = "an older state that is not expired is a whole one: which is newest no client can know before", Git = NoGitMirror, Oci = NoOciMirror },

        // The state of the repository.
        new(45, "new timestamp, old snapshot") { State = StateLies.OldSnapshotAsync, Http = "PM3024", Directory = "PM3024", Plain = NotSigned, Git = NoGitRoles, Oci = NoOciRoles },
        new(46, "404 in the middle") { Words = "is not there|no available.json", Web = Lies.Status("404 Not Found"), File = (_, file) => System.IO.File.Delete(file), Http = "PM6009", Directory = "PM6009", Plain = "PM6010 PM6009", Git = "PM7205", GitWords = "not found|returned error: 404", Oci = "PM6011 PM6062" },
        new(46, "403 in the middle") { Words = "expected 200 OK, got 403|not a regular file but a directory", Web = Lies.Status("403 Forbidden"), File = (_, file) => ServedDirectory.MakeDirectory(file), Http = "PM6011", Directory = "PM6003", Plain = "PM6011", Git = "PM7205", GitWords = "returned error: 403", Oci = "PM6061" },
        new(46, "410 in the middle") { Web = Lies.Status("410 Gone"), Http = "PM6011", Directory = NoHttp, Plain = "PM6011", Git = "PM7205", GitWords = "returned error: 410", Oci = "PM6011" },
        new(46, "500 in the middle") { Web = Lies.Status("500 Internal Server Error"), Http = "PM6011", Directory = NoHttp, Plain = "PM6011", Git = "PM7205", GitWords = "returned error: 500", Oci = "PM6011" },
        new(47, "replaced while it is fetched") { NewWeb = StateLies.Replacing, Http = "ok", Directory = "- two reads of one process: nothing tells when it is between them", Plain = "ok", Git = NoGitReplace, Oci = NoOciReplace },
        new(48, "the old state for ever") { Words = "frozen since .* \\(freeze attack, or not maintained\\): version \\d+ expired \\d+ days ago", State = StateLies.FreezeAsync, Http = "PM3022", Directory = "PM3022", Plain = NotSigned, Git = NoGitRoles, Oci = NoOciRoles },
        new(49, "root chain with a gap") { Words = "expected signatures of 1 of root version \\d+'s 1 timestamp keys, got 0", State = StateLies.LoseRootAsync, Http = "PM3023", Directory = "PM3023", Plain = NotSigned, Git = NoGitRoles, Oci = NoOciRoles },
        new(50, "absurd length, right hash") { NoMirror = "whoever has the timestamp key said it: it binds until the next version", State = story => StateLies.ClaimLengthAsync(story, (1L << 53) - 1), Http = "PM3024", Directory = "PM3024", Plain = NotSigned, Git = NoGitRoles, Oci = "ok PM6004 ok ok", NewOci = _ => RegistryLies.ClaimLength((1L << 53) - 1) },
        new(50, "length of nothing, right hash") { NoMirror = "whoever has the timestamp key said it: it binds until the next version", State = story => StateLies.ClaimLengthAsync(story, 0), Http = "PM6004", Directory = "PM6004", Plain = NotSigned, Git = NoGitRoles, Oci = "ok PM6004 ok ok", NewOci = _ => RegistryLies.ClaimLength(0) },

        // Connection and identity.
        new(51, "certificate of another host") { Words = "it is not for `(127.0.0.1|far.test)` but for `other.example`", State = story => StateLies.ShowAsync(story, authority => authority.Issue("other.example")), Http = NoTls, Https = "PM6013", Directory = NoTls, Plain = NoTls, Git = "PM7205", GitWords = "certificate", NewGit = story => story.Show(authority => authority.Issue("other.example")), Oci = "PM6013", NewOci = story => story.Show(authority => authority.Issue("other.example")) },
        new(51, "certificate that expired") { Words = "it expired at", State = story => StateLies.ShowAsync(story, authority => authority.Issue("127.0.0.1", -300, -1)), Http = NoTls, Https = "PM6013", Directory = NoTls, Plain = NoTls, Git = "PM7205", GitWords = "certificate", NewGit = story => story.Show(authority => authority.Issue("127.0.0.1", -300, -1)), Oci = "PM6013", NewOci = story => story.Show(authority => authority.Issue("far.test", -300, -1)) },
        new(51, "certificate signed by itself") { Words = "it is signed by itself only", State = story => StateLies.ShowAsync(story, authority => authority.Issue("127.0.0.1", -300, 300, isSelfSigned: true)), Http = NoTls, Https = "PM6013", Directory = NoTls, Plain = NoTls, Git = "PM7205", GitWords = "certificate", NewGit = story => story.Show(authority => authority.Issue("127.0.0.1", -300, 300, isSelfSigned: true)), Oci = "PM6013", NewOci = story => story.Show(authority => authority.Issue("far.test", -300, 300, isSelfSigned: true)) },
        new(52, "a Date far off") { Web = Lies.FarDateAsync, Http = "ok", Directory = NoHttp, Plain = "ok", Git = "ok", Oci = "ok" },
        new(53, "401 that asks for credentials") { Web = Lies.Status("401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\""), Http = "PM6011", Directory = NoHttp, Plain = "PM6011", Git = "PM7205", GitWords = "terminal prompts disabled", Oci = "PM6061" },
        new(54, "429 with an absurd Retry-After") { Web = Lies.Status("429 Too Many Requests", "Retry-After: 999999999999999999"), Http = "PM6011", Directory = NoHttp, Plain = "PM6011", Git = "PM7205", GitWords = "returned error: 429", Oci = "PM6011" },
        new(54, "503 with an absurd Retry-After") { Web = Lies.Status("503 Service Unavailable", "Retry-After: 86400"), Http = "PM6011", Directory = NoHttp, Plain = "PM6011", Git = "PM7205", GitWords = "returned error: 503", Oci = "PM6011" },
        new(55, "101 Switching Protocols") { Web = Lies.UpgradeAsync, Http = "PM6011", Directory = NoHttp, Plain = "PM6011", Git = "PM7205 ok/PM7205 ok/PM7205", Oci = "PM6011" },
        new(55, "frames of HTTP/2") { Words = "the answer ended before it was complete", Web = Lies.GoAwayAsync, Http = "PM6003", Directory = NoHttp, Plain = "PM6003", Git = "PM7205", Oci = "PM6003" },
        new(55, "no HTTP at all") { Words = "not an answer of HTTP: received an invalid status line", Web = Lies.NoHttpAsync, Http = "PM6012", Directory = NoHttp, Plain = "PM6012", Git = "PM7205", Oci = "PM6012" },
        new(56, "names that lead elsewhere") { Words = "`../evil/1.0.0.1.0.0`: expected a package name", State = StateLies.NameStrangelyAsync, Http = "ok", Directory = "ok", Plain = "PM2015", Git = "ok", NewGit = _ => GitLies.StrangeNamesAsync, Oci = "ok", NewOci = _ => RegistryLies.NameStrangely() },
    ];
}
