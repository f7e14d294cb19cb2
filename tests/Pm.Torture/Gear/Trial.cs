using System.Diagnostics;
using System.Globalization;

namespace Pm.Torture.Gear;

/// <summary>One fault at one write of one scenario, and everything that has to hold afterwards.</summary>
sealed class Trial(Place place, Scenario scenario, Rehearsal rehearsal)
{
    /// <summary>What is wrong, with all that repeats it; null: nothing.</summary>
    public string? Finding { get; private set; }

    /// <summary>The write that was struck; null: the run was over before.</summary>
    public string? Call { get; private set; }

    public bool Run(Fault fault, long number)
    {
        Situation.Make(place, scenario);
        var text = fault.At(number);
        using var run = Disturbed.Run(
            place, scenario, text,
            fault.IsStop ? () => Judge($"{text}", () => CheckReaders("while it was stopped"), () => "") : null,
            fault.IsEnd ? null : url => Judge($"{text}", () => CheckServed("while it still ran", url), () => ""));
        if (run.Calls.Count < number)
        {
            return false;
        }

        Call = run.Calls[(int)number - 1];
        if (Finding is null)
        {
            Judge($"{text} ({Call})", () => Check(fault, run), () => run.Said);
        }

        return true;
    }

    /// <summary>Kills it so long after its start, wherever it is then.</summary>
    public void KillAfter(TimeSpan delay)
    {
        Situation.Make(place, scenario);
        using var running = new Running(place, place.Words(scenario.Line));
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < delay)
        {
            Thread.SpinWait(100);
        }

        Signals.Send(running.Id, Signals.Kill);
        var exit = running.End();
        Judge($"killed after {delay.TotalMilliseconds:f3} ms ({exit})", () => CheckAfterwards(exit == 0), () => running.Said);
    }

    /// <summary>Holds what is there now against what may be.</summary>
    /// <param name="what">What happened, for the message.</param>
    /// <param name="isDone">Whether success was told.</param>
    public void Judge(string what, bool isDone) => Judge(what, () => CheckAfterwards(isDone), () => "");

    void Judge(string what, Action check, Func<string> said)
    {
        try
        {
            check();
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            Finding = $"{scenario}: {what}: {e.Message}\n  it said: {said().TrimEnd().ReplaceLineEndings("\n    ")}";
        }
    }

    void CheckAfterwards(bool isDone)
    {
        CheckReaders("before anything was mended");
        Same(rehearsal.Untouched, Looks.Untouched(place, scenario), "it changed what it has no business with");
        Recover();
        var state = Looks.State(place, scenario);
        var isNew = state == rehearsal.New;
        Require(isNew || state == rehearsal.Old || (scenario.IsStepwise && IsBetween(state)), $"a third state:\n{Difference.Of(rehearsal.Old, state)}\nas against the new one:\n{Difference.Of(rehearsal.New, state)}");
        Require(isNew || !isDone, $"it said that it was done, and is not:\n{Difference.Of(rehearsal.New, state)}");
        if (!scenario.StartsDamaged || isNew)
        {
            Verify("afterwards");
        }

        Again(isNew && rehearsal.Old != rehearsal.New);
    }

    void Check(Fault fault, Disturbed run)
    {
        Require(run.Exit != -1, "it did not end");
        Require(fault.IsEnd ? run.IsKilled : !run.IsKilled, string.Create(CultureInfo.InvariantCulture, $"it ended with {run.Exit}"));
        Require(!run.Said.Contains("PM0001", StringComparison.Ordinal), "an internal error");
        Require(!fault.IsStop || run.IsDone, "let go on, it failed");
        CheckAfterwards(run.WasTold);
    }

    void CheckReaders(string when)
    {
        var seen = Looks.Readers(place, scenario);
        Require(
            seen == rehearsal.OldSeen || seen == rehearsal.SettledSeen || seen == rehearsal.NewSeen || (scenario.IsStepwise && IsBetween(seen)),
            $"{when} readers saw neither old nor new:\n{Difference.Of(rehearsal.OldSeen, seen)}\nas against the new one:\n{Difference.Of(rehearsal.NewSeen, seen)}");
        if (scenario.Touches(Area.Repository))
        {
            CheckServed(when, place.Repository);
        }
    }

    void CheckServed(string when, string url)
    {
        var seen = Looks.Client(place, url);
        Require(
            seen == rehearsal.OldServed || seen == rehearsal.NewServed,
            $"{when} a client saw neither old nor new:\n{Difference.Of(rehearsal.OldServed, seen)}\nas against the new one:\n{Difference.Of(rehearsal.NewServed, seen)}");
    }

    void Recover()
    {
        foreach (var (area, root) in new[] { (Area.Root | Area.Settings, place.Root), (Area.Application, place.Application) })
        {
            if (scenario.Touches(area) && Directory.Exists(Path.Combine(root, "var/lib/pm")))
            {
                var result = place.Pm($"recover --root {root}");
                Require(result.IsSuccess, $"recover failed: {result.ErrorText}");
            }
        }
    }

    void Verify(string when)
    {
        foreach (var (area, line) in new[]
        {
            (Area.Root | Area.Store, "verify"), (Area.Application | Area.Store, $"verify --root {place.Application}"),
            (Area.Repository, "repo verify --repo repo"),
        })
        {
            var result = scenario.Touches(area) ? place.Pm(line) : null;
            Require(result?.IsSuccess ?? true, $"`pm {line}` {when}: {result?.OutputText}{result?.ErrorText}");
        }
    }

    void Again(bool wasDone)
    {
        using var retry = Disturbed.Run(place, scenario, null);
        var isRefused = wasDone && scenario.RefusesWhatIsDone && retry.Exit is > 0 and < 128;
        var isHalf = !retry.IsDone && scenario.RefusesHalfDone && retry.Said.Contains("hint: ", StringComparison.Ordinal);
        // What was interrupted was finished by the retry, which does not do it twice.
        var isFinished = retry.Said.Contains("PM5019", StringComparison.Ordinal);
        Require(retry.IsDone || isRefused || isHalf || isFinished, $"a retry fails: {retry.Said}");
        var isTwice = (wasDone && scenario.Accumulates && !isFinished) || isHalf;
        Situation.Settle(place, scenario);
        if (!isTwice)
        {
            Same(rehearsal.New, Looks.State(place, scenario), "after a retry it is not the new state");
        }

        Verify("after a retry");
        Situation.Collect(place, scenario);
        // What gpgv was given goes when it is next needed.
        Place.Require(place.Pm("pkg verify tool-1.0.0.pkg"));
        var strays = Looks.Strays(place, scenario);
        Require(strays.Count == 0, $"left behind: {string.Join(", ", strays)}");
        if (!isTwice)
        {
            Same(rehearsal.Listing, Looks.Listing(place), "other files than after an undisturbed run");
        }
    }

    bool IsBetween(string text)
    {
        var known = new HashSet<string>([.. rehearsal.Old.Split('\n'), .. rehearsal.New.Split('\n'), .. rehearsal.OldSeen.Split('\n'), .. rehearsal.NewSeen.Split('\n')]);
        return text.Split('\n').All(known.Contains);
    }

    static void Same(string expected, string actual, string what) =>
        Require(expected == actual, $"{what}:\n{Difference.Of(expected, actual)}");

    static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }
}
