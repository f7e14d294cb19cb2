using System.CommandLine;

namespace Pm.Cli.Commands;

/// <summary>What was given on a command line.</summary>
/// <remarks>
/// The parser makes the value of what was not given by reflection, which alone touches a megabyte of the executable.
/// Nearly every start gives few of its options, so nothing is made for them.
/// </remarks>
static class GivenValues
{
    /// <summary>The value of <paramref name="option"/>, else its own default, else nothing.</summary>
    public static T? Given<T>(this ParseResult parsed, Option<T> option) =>
        parsed.GetResult(option) is { } result ? result.GetValueOrDefault<T>() : default;

    /// <summary>The value of <paramref name="argument"/>, or nothing.</summary>
    public static T? Given<T>(this ParseResult parsed, Argument<T> argument) =>
        parsed.GetResult(argument) is { Tokens.Count: > 0 } result ? result.GetValueOrDefault<T>() : default;
}
