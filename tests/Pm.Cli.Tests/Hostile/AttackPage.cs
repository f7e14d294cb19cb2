using System.Text;

namespace Pm.Cli.Tests.Hostile;

/// <summary>The page that lists attacks and lies, as the tables of these tests have them.</summary>
static class AttackPage
{
    const string Introduction = """
        # Attacks, and what refuses them

        The attacker of this page has a mirror, a proxy, the network, the directory that a repository lies in, one key of several, or
        the web server of a publisher. What reaches a root is decided by signatures, and by nothing that any of these says.

        Whatever is refused: nothing is installed, the root stays as it is byte for byte, what was believed before is kept, one line
        names what was met, where, what was expected and what came, and where the remote has another mirror that one is asked.

        Each row is a test on each kind of remote: `tests/Pm.Cli.Tests/Hostile`. They hold this page against their tables;
        `PM_UPDATE_CASES=1` writes it anew. A code is explained by `pm explain`.

        - *right*: the right bytes are had all the same
        - *unchanged*: nothing new is seen, nothing is changed, and there is nothing to say
        - a sentence: why it cannot be done to such a remote, or not be seen there


        """;

    public static string Text()
    {
        var page = new StringBuilder(Introduction);
        page.Append("## Attacks on package managers\n\n| attack | what happens | what refuses it | http, https | directory | plain | git | oci |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var attack in AttackTable.All)
        {
            page.Append($"| **{attack.Name}** | {attack.Happens} | {attack.Refuses} | {Shown(attack.Web)} | {Shown(attack.Directory)} | {Shown(attack.Plain)} | {Shown(attack.Git)} | {Shown(attack.Oci)} |\n");
        }

        page.Append("""

            *Plain* is the original's remote: a list that nobody signed, and packages that their publishers did. Whoever serves it can hide
            new versions for ever; `pm pull` says so each time.

            *Git* is a git repository over HTTP that a project depends on. Who serves it says what a branch is: nobody signed that. What `pm.lock` has
            is held against it: a commit names its content by its hash, and a tag that moved is refused.

            *Oci* is a registry of containers. What a tag is the registry says, and `--trust` believes it; what `@sha256:` names it cannot exchange. A package in it is signed as everywhere else.

            ## Lies that a server can tell

            Several codes stand for the kinds of files that are lied about, in this order: a small file of a known name (`timestamp.json`;
            the list of a plain remote), a file of a version (`targets.json`), content; of a git repository what its server can do
            (`info/refs`), its names (`ls-refs`), its objects (`fetch`); of a registry its tokens, a manifest, a configuration, a layer.

            | | lie | http | https | directory | plain | git | oci |
            |---|---|---|---|---|---|---|---|

            """);
        foreach (var lie in LieTable.All)
        {
            page.Append($"| {lie.Number} | {lie.Name} | {Shown(lie.Http)} | {Shown(lie.Https ?? lie.Http)} | {Shown(lie.Directory)} | {Shown(lie.Plain)} | {Shown(lie.Git)} | {Shown(lie.Oci)} |\n");
        }

        page.Append("\n## Lies to who pushes\n\nWhat only `pm pkg push` asks a registry. Nobody but the registry is sent anything, and what pm says was pushed is there.\n\n| asked | lie | |\n|---|---|---|\n");
        foreach (var lie in PushLieTable.All)
        {
            page.Append($"| {Asked(lie.Part)} | {lie.Name} | {Shown(lie.Outcome)} |\n");
        }

        page.Append("\nWhere a mirror does not make up for a lie:\n\n");
        foreach (var lie in LieTable.All.Where(lie => lie.NoMirror is not null))
        {
            page.Append($"- {lie.Name}: {lie.NoMirror}\n");
        }

        return page.ToString();
    }

    static string Asked(string part) => part switch
    {
        "question" => "whether a blob is there",
        "begin" => "to begin an upload",
        "upload" => "to take a blob",
        _ => "to take a manifest",
    };

    static string Shown(string outcome) => outcome.StartsWith('-')
        ? outcome[2..]
        : string.Join(", ", outcome.Split(' ').Select(word => word switch { "ok" => "*right*", "old" => "*unchanged*", _ => word.Replace("ok/", "*right* or ", StringComparison.Ordinal).Replace("/", " or ", StringComparison.Ordinal) }));
}
