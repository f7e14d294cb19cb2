namespace Pm.Stages.Sources;

/// <summary>What a server says of its branches and tags.</summary>
/// <param name="Commits">Whole name to id; of an annotated tag also with <c>^{}</c> behind its name: what it names.</param>
/// <param name="Head">The branch that the repository follows, whole; null: none, or it is not said.</param>
sealed record GitAdvertisement(IReadOnlyDictionary<string, string> Commits, string? Head)
{
    /// <summary>Behind the name of an annotated tag, for what it names. Source: gitprotocol-v2(5), "ls-refs".</summary>
    public const string Peeled = "^{}";

    /// <summary>Reads what <c>git ls-remote --symref</c> prints; lines of another form are passed over.</summary>
    public static GitAdvertisement Read(string output)
    {
        const string Symbolic = "ref: ";
        var commits = new Dictionary<string, string>(StringComparer.Ordinal);
        string? head = null;
        foreach (var line in output.Split('\n'))
        {
            if (line.Split('\t') is not [var value, var name] || value.Any(char.IsControl))
            {
                continue;
            }

            if (GitReference.IsId(value))
            {
                commits[name] = value;
            }
            else if (name == "HEAD" && value.StartsWith(Symbolic, StringComparison.Ordinal) && GitReference.IsBranch(value[Symbolic.Length..]))
            {
                head = value[Symbolic.Length..];
            }
        }

        return new GitAdvertisement(commits, head);
    }

    /// <summary>The commit that a name stands for; null: there is no such name.</summary>
    public string? Of(string name) => Commits.GetValueOrDefault(name + Peeled) ?? Commits.GetValueOrDefault(name);
}
