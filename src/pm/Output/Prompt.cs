namespace Pm.Cli.Output;

/// <summary>Questions to the person at the terminal. Where there is none, a question is an error with a hint, never a wait.</summary>
static class Prompt
{
    /// <summary>Asks yes or no; an empty answer is no.</summary>
    /// <param name="context">With <c>-y</c> the answer is yes without asking.</param>
    /// <param name="question">Without a question mark's tail: <c>install 3 packages?</c>.</param>
    /// <param name="hint">What to give on a command line instead.</param>
    /// <exception cref="CommandException">Nobody can answer (PM1003).</exception>
    public static bool Confirm(PmContext context, string question, string hint = "add `-y` to say yes to everything")
    {
        if (context.Settings.Yes)
        {
            return true;
        }

        return ConfirmByPerson(context, question, hint);
    }

    /// <summary>As <see cref="Confirm"/>, where a yes to everything is no answer: somebody has to have compared something.</summary>
    public static bool ConfirmByPerson(PmContext context, string question, string hint)
    {
        RequirePerson(context, question, hint);
        context.Terminal.Ask($"{Hostile.Visible(question)} [y/N] ");
        return context.Terminal.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    /// <summary>Asks for a line of text; null at the end of input.</summary>
    /// <param name="context">Whose terminal.</param>
    /// <param name="question">What is wanted.</param>
    /// <param name="flag">The option that answers it on a command line: <c>--name NAME</c>.</param>
    /// <exception cref="CommandException">Nobody can answer (PM1003).</exception>
    public static string? Line(PmContext context, string question, string flag)
    {
        RequirePerson(context, question, $"answer on the command line with `{flag}`");
        context.Terminal.Ask($"{Hostile.Visible(question)} ");
        return context.Terminal.ReadLine()?.Trim();
    }

    /// <summary>As <see cref="Line"/>, and what is typed is not shown.</summary>
    public static string? Secret(PmContext context, string question, string flag)
    {
        using var _ = context.Terminal.InputIsTerminal ? context.Terminal.HideTyping() : null;
        return Line(context, question, flag);
    }

    static void RequirePerson(PmContext context, string question, string hint)
    {
        if (context.Settings.NoInput || !context.Terminal.InputIsTerminal)
        {
            var why = context.Settings.NoInput ? "--no-input was given" : "standard input is not a terminal";
            throw CommandException.Usage("PM1003", $"an answer is needed, but {why}: {question}", hint);
        }
    }
}
