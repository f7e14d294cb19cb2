using System.CommandLine;
using System.Globalization;

namespace Pm.Cli.Commands.Roots;

/// <summary>An option whose value is an age: <c>30d</c>, <c>12h</c>, <c>8w</c>, <c>0</c>.</summary>
static class Days
{
    const int Most = 100 * 365;

    public static Option<TimeSpan?> Option(string name, string description)
    {
        var option = new Option<TimeSpan?>(name) { Description = description, HelpName = "AGE" };
        option.CustomParser = result =>
        {
            if (TryParse(result.Tokens[0].Value, out var age))
            {
                return age;
            }

            result.AddError($"{name}: expected an age like 30d, 12h or 8w, got `{result.Tokens[0].Value}`");
            return null;
        };
        return option;
    }

    /// <summary>Days when no unit is named.</summary>
    public static bool TryParse(string text, out TimeSpan age)
    {
        double unit = text.Length == 0 ? 0 : text[^1] switch { 'w' => 7, 'd' => 1, 'h' => 1 / 24d, >= '0' and <= '9' => 1, _ => 0 };
        var digits = text.Length > 0 && char.IsAsciiDigit(text[^1]) ? text : text[..^Math.Min(1, text.Length)];
        var isOne = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && unit > 0 && number * unit <= Most;
        age = isOne ? TimeSpan.FromDays(number * unit) : default;
        return isOne;
    }
}
