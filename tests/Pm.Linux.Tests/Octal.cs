namespace Pm.Linux.Tests;

/// <summary>Modes as they are written everywhere else.</summary>
static class Octal
{
    public static int Mode(string digits) => Convert.ToInt32(digits, 8);
}
