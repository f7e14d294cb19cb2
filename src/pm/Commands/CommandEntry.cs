namespace Pm.Cli.Commands;

/// <summary>A row of the command table.</summary>
/// <param name="Task">Its heading in the short usage.</param>
/// <param name="Words">One word, or a group's word and a verb: <c>remote add</c>.</param>
/// <param name="Manual">The manual's place below <c>Commands</c>, without <c>.md</c>: <c>Remotes/AddCommand</c>.</param>
/// <param name="Summary">One line, lower case, no full stop.</param>
/// <param name="Declare">Makes the declaration; called only for the command that was named.</param>
/// <param name="Aliases">Other spellings, each complete: <c>rm</c>, <c>add remote</c>.</param>
sealed record CommandEntry(
    CommandTask Task, string Words, string Manual, string Summary, Func<CommandDeclaration> Declare, params string[] Aliases)
{
    /// <summary>It makes few objects, or is to begin at once: no memory is made ready for it. Source: docs/adr/0019.</summary>
    public bool StaysSmall { get; init; }
}
