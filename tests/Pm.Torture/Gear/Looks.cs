using System.Text;
using System.Text.RegularExpressions;
using Pm.Linux;

namespace Pm.Torture.Gear;

/// <summary>What a person sees of a place, by the commands that show it and by the files themselves.</summary>
static partial class Looks
{
    /// <summary>All that the scenario may change. Two of these exist for it, and nothing else: before and after.</summary>
    public static string State(Place place, Scenario scenario)
    {
        var text = new StringBuilder(Readers(place, scenario));
        Func<string, bool> counts = path => IsInstalled(path) && !(scenario.IsStepwise && IsTemporary(path));
        if (scenario.Touches(Area.Root))
        {
            text.Append(Trees.Content(place.Root, counts));
        }

        if (scenario.Touches(Area.Application))
        {
            text.Append(Trees.Content(place.Application, counts));
        }

        if (scenario.Touches(Area.Broken))
        {
            text.Append(Trees.Content(place.Broken, counts));
        }

        if (scenario.Touches(Area.Settings))
        {
            text.Append(Trees.Content(Path.Combine(place.Root, "var/lib/pm/secrets"), path => !IsTemporary(path)));
        }

        if (scenario.Touches(Area.Work))
        {
            text.Append(Trees.Content(place.Work, path => !IsBelow(path, "repo") && !path.Split('/').Any(IsTemporary) && !(scenario.IsRandom && IsBelow(path, "new")), hashes: !scenario.IsRandom));
        }

        if (scenario.Shows is { } lines)
        {
            text.Append(Said(place.Shell(lines)));
        }

        return Comparable(text.ToString(), scenario);
    }

    /// <summary>What commands show that only read: at any moment, whoever writes or has died.</summary>
    public static string Readers(Place place, Scenario scenario)
    {
        var text = new StringBuilder();
        foreach (var line in ReaderLines(place, scenario))
        {
            text.Append(Said(place.Pm(line)));
        }

        return Comparable(text.ToString(), scenario);
    }

    /// <summary>
    /// What a client sees of the repository that has never heard of it: all that is offered, and the newest of each package
    /// fetched with what it names, so that it is whole and signed; or what refused it.
    /// </summary>
    /// <param name="place">Where.</param>
    /// <param name="url">The repository: a directory, or at a server.</param>
    public static string Client(Place place, string url) => Said(place.Shell($$"""
        rm -rf $TOP/reader; mkdir -p $TOP/reader/tmp; cd $TOP/reader
        export PM_ROOT=$TOP/reader/root PM_STORE=$TOP/reader/store TMPDIR=$TOP/reader/tmp
        $PM key import --trust $LIVE/w/ann.asc
        $PM remote add --trust-first-use --name here {{url}}
        $PM pull
        offers=$($PM available | cut -f 1,2 | tr '\t' @)
        $PM fetch $(echo "$offers" | cut -d @ -f 1 | sort -u) > fetched 2>&1 || { cat fetched >&2; exit 1; }
        echo "$offers"
        """)).Split('\n').Where(line => line.Contains('@', StringComparison.Ordinal) || line.Contains("PM", StringComparison.Ordinal))
        .Aggregate("", (text, line) => text + line.Replace(url, "URL", StringComparison.Ordinal) + '\n');

    /// <summary>The parts that the scenario has no business with, byte for byte.</summary>
    public static string Untouched(Place place, Scenario scenario)
    {
        var text = new StringBuilder();
        Add(Area.Root, place.Root, path => IsInstalled(path) || IsBelow(path, "var/lib/pm/generations"));
        Add(Area.Settings, Path.Combine(place.Root, "var/lib/pm"), path =>
            path is "remotes.json" || IsBelow(path, "keyring") || IsBelow(path, "secrets") || IsBelow(path, "tuf") || IsBelow(path, "index"));
        Add(Area.Application, place.Application, path => !IsPassing(path));
        Add(Area.Broken, place.Broken, path => !IsPassing(path));
        Add(Area.Store, place.Store, path => !IsPassing(path));
        Add(Area.Repository, place.Repository, path => !IsPassing(path));
        Add(Area.Work, place.Work, path => !IsBelow(path, "repo"));
        return text.ToString();

        void Add(Area area, string directory, Func<string, bool> counts)
        {
            if (!scenario.Touches(area))
            {
                text.Append(area).Append('\n').Append(Trees.Content(directory, counts));
            }
        }
    }

    /// <summary>Every path that there is, with what differs from run to run taken out.</summary>
    public static string Listing(Place place) => string.Join('\n', Trees.Paths(place.Live, path => !IsPassing(path))
        .Select(path => Number().Replace(Hash().Replace(path, "#"), "N")).Distinct().Order(StringComparer.Ordinal));

    /// <summary>Temporary files, wherever they may lie.</summary>
    public static IReadOnlyList<string> Strays(Place place, Scenario scenario) =>
    [
        .. Trees.Paths(place.Live, path => (IsTemporary(path) && (scenario.Touches(Area.Broken) || !IsBelow(path, "broken"))) || StaysEmpty.Any(directory => IsBelow(path, directory) && path != directory)),
    ];

    static readonly string[] StaysEmpty =
    [
        "tmp", "store/pending", "root/var/cache/pm/fetch", "root/var/cache/pm/hooks", "root/var/cache/pm/repair", "root/var/cache/pm/partial",
        "app/var/cache/pm/fetch", "w/repo/pmd/uploads",
    ];

    static bool IsTemporary(string path) => Path.GetFileName(path) is var name
        && (name.StartsWith(".pm-", StringComparison.Ordinal) || LinkBeingMade().IsMatch(name) || PendingBlob().IsMatch(name)
            || name is "journal" || name.EndsWith("-journal", StringComparison.Ordinal));

    static IEnumerable<string> ReaderLines(Place place, Scenario scenario)
    {
        if (scenario.Touches(Area.Root))
        {
            yield return "list --json";
        }

        if (scenario.Touches(Area.Application))
        {
            yield return $"list --json --root {place.Application}";
        }

        if (scenario.Touches(Area.Broken))
        {
            yield return $"list --json --root {place.Broken}";
        }

        if (scenario.Touches(Area.Settings))
        {
            yield return "remote list --json";
            yield return "available --json";
            yield return "key list --json";
        }

        if (scenario.Touches(Area.Repository))
        {
            yield return "repo list --json --repo repo";
            yield return "repo key --json --repo repo";
            yield return "repo trust --json --repo repo";
            yield return "token list --json --repo repo";
        }
    }

    static bool IsInstalled(string path) => !IsBelow(path, "var");

    // Who held a lock last, and what is there only to be quicker.
    static bool IsPassing(string path) => Path.GetFileName(path) is "lock" or "names.lock" || IsBelow(path, "tmp") || path.Contains("var/cache", StringComparison.Ordinal);

    static bool IsBelow(string path, string directory) =>
        path.StartsWith(directory, StringComparison.Ordinal) && (path.Length == directory.Length || path[directory.Length] == '/');

    static string Said(ChildResult result) => result.IsSuccess ? result.OutputText : $"{result}: {result.ErrorText}\n";

    static string Comparable(string text, Scenario scenario)
    {
        // How new the metadata is that is believed shows before what it says is indexed: the list is the old one or the new one.
        var timeless = Timestamp().Replace(LastUse().Replace(Time().Replace(text, "TIME"), "LAST USE"), "TIMESTAMP");
        return scenario.IsRandom ? Id().Replace(Hash().Replace(timeless, "#"), "#") : timeless;
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[\d:.]+Z")]
    private static partial Regex Time();

    [GeneratedRegex(@"""timestamp"":\d+")]
    private static partial Regex Timestamp();

    // A token is used by an upload that comes to nothing, too.
    [GeneratedRegex(@"""last_used"":(null|""TIME"")")]
    private static partial Regex LastUse();

    [GeneratedRegex(@"[0-9A-Fa-f]{40,}")]
    private static partial Regex Hash();

    [GeneratedRegex(@"""id"":""[0-9a-f]{10}""")]
    private static partial Regex Id();

    [GeneratedRegex(@"^\.[^/]+\.pm-new$")]
    private static partial Regex LinkBeingMade();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();

    [GeneratedRegex(@"^\.\d+-\d+\.\d+$")]
    private static partial Regex PendingBlob();
}
