using Pm.Linux;
using Pm.Trust;

namespace Pm.Stages.Sources;

/// <summary>Why a source cannot be had. Texts from outside are escaped.</summary>
static class SourceFault
{
    const int ShownLines = 6;

    public static StageException TagMoved(string url, string tag, string locked, string now) => new(
        "PM7201",
        $"{url} changed a tag after locking: `{ShownText.Of(tag)}` was commit {locked}, and is {now} now",
        "ask its publisher why; `pm update NAME` takes the new commit all the same");

    public static StageException CommitGone(string url, string commit) => new(
        "PM7202",
        $"{url}: commit {commit} is not there any more",
        "take another with `pm update`, or ask its publisher: its history was perhaps written anew");

    public static StageException Differs(string where, string what, string expected, string actual) => new(
        "PM7203", $"{where}: expected {what} {ShownText.Of(expected)}, got {ShownText.Of(actual)}", "pm.lock was altered, or was made of another source: lock again when you know why");

    public static StageException NoReference(string url, string message, string? nearest) => new(
        "PM7204", $"{url}: {message}", nearest is null ? $"`git ls-remote {url}` lists what is there" : $"did you mean `{ShownText.Of(nearest)}`?");

    /// <summary>A page that asks for a login is, for git, a list of no names.</summary>
    public static StageException NoNames(string url, string what, string reference) => new(
        "PM7204", $"{url}: it has no {what} `{ShownText.Of(reference)}`, nor any other name",
        $"`git ls-remote {url}` lists what is there: it is empty, or something on the way answers in its place, such as a network that asks for a login");

    public static StageException GitFailed(string url, string what, ChildResult result) => new(
        "PM7205", $"{url}: {what}: git ended with {result}{Tail(result.ErrorText)}");

    public static StageException GitFailed(string url, string what) => new("PM7205", $"{url}: {what}");

    public static StageException NoFolder(string where, string message, string? nearest) => new(
        "PM7206", $"{where}: {message}", nearest is null ? null : $"did you mean `{ShownText.Of(nearest)}`?");

    public static StageException NotHere(string url, string what) => new(
        "PM7207", $"{url}: {what} is not in the cache, and nobody is asked: --offline was given, or PM_OFFLINE or a configuration file says so", "run the command once without it: `pm config get offline --show-origin` shows who says it");

    public static StageException WrongDigest(string url, string expected, string actual) => new(
        "PM7208",
        $"{url}: not the archive that was written down: expected sha256 {expected}, got {actual}",
        "the publisher replaced it, or somebody in between did: compare with what the publisher announces before you change the digest");

    public static StageException NoGit(string? path) => new(
        "PM7209", $"no program `git` in {(string.IsNullOrEmpty(path) ? "an empty PATH" : path)}", "apt install git");

    public static StageException Refused(string where, string why) => new("PM7210", $"{where}: refused: {why}");

    public static StageException IsPackage(string url) => new(
        "PM7211", $"{url} is a package, no source", $"a project takes packages from remotes; `pm install {url}` installs this one");

    /// <summary>The end of what git said, a line each.</summary>
    public static string Tail(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(lines.TakeLast(ShownLines).Select(line => "\n  " + ShownText.Of(line)));
    }
}
