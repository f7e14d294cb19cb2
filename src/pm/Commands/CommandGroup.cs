namespace Pm.Cli.Commands;

/// <summary>A first word that needs a verb after it.</summary>
/// <param name="Word">As written in the table.</param>
/// <param name="Summary">One line, lower case, no full stop.</param>
/// <param name="Aliases">Other spellings of the word.</param>
sealed record CommandGroup(string Word, string Summary, params string[] Aliases);
