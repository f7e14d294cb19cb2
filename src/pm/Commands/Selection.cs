namespace Pm.Cli.Commands;

/// <summary>What the words of a command line name.</summary>
/// <param name="Entry">The command, or null when the words name none.</param>
/// <param name="Group">The group whose verb is missing or unknown, or null.</param>
/// <param name="Words">The words looked up, as typed; empty when there are only options.</param>
/// <param name="Rest">All other arguments, in their order.</param>
sealed record Selection(CommandEntry? Entry, CommandGroup? Group, IReadOnlyList<string> Words, IReadOnlyList<string> Rest)
{
    /// <summary>Finds the command. Shared options may stand before and between its words: <c>pm --root D remote -q add U</c>.</summary>
    public static Selection Of(IReadOnlyList<string> arguments)
    {
        var rest = new List<string>();
        var next = SkipOptions(arguments, 0, rest);
        if (next == arguments.Count)
        {
            return new Selection(null, null, [], rest);
        }

        var first = arguments[next++];
        var between = new List<string>();
        var after = SkipOptions(arguments, next, between);
        if (after < arguments.Count && CommandTable.Find($"{first} {arguments[after]}") is { } two)
        {
            return new Selection(two, null, [first, arguments[after]], [.. rest, .. between, .. arguments.Skip(after + 1)]);
        }

        var words = CommandTable.Group(first) is not null && after < arguments.Count
            ? new[] { first, arguments[after] }
            : [first];
        return new Selection(CommandTable.Find(first), CommandTable.Group(first), words, [.. rest, .. arguments.Skip(next)]);
    }

    static int SkipOptions(IReadOnlyList<string> arguments, int next, List<string> skipped)
    {
        while (next < arguments.Count && arguments[next] is ['-', _, ..] option and not "--")
        {
            skipped.Add(option);
            next++;
            if (CommonOptionSet.TakesValue(option) && next < arguments.Count)
            {
                skipped.Add(arguments[next++]);
            }
        }

        return next;
    }
}
