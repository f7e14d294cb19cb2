using System.Globalization;
using Pm.Torture.Gear;
using Pm.Torture.Scenarios;

namespace Pm.Torture.Power;

/// <summary>
/// The power is cut after each sync of a scenario, and right after it has told its success: what the disk holds then is the
/// old state or the new one, and what was reported done is there.
/// </summary>
static class PowerCuts
{
    static readonly string[] Lines =
    [
        "install tool@2.0.0", "install ./more-1.0.0.pkg ./extra-1.0.0.pkg", "install --root ../app ./tool-2.0.0.pkg", "update", "remove app", "pin tool",
        "rollback 1", "rollback --root ../app 1", "gc --keep 1 --older-than 0", "recover --root ../broken", "fetch tool@2.0.0", "bundle new.bundle tool app",
        "remote add --trust-first-use second", "remote remove repo", "pull", "repo publish --repo repo sent-1.0.0.pkg more-1.0.0.pkg",
        "repo yank --repo repo --reason bad tool@1.0.0", "repo remove -y --repo repo tool@1.0.0", "repo key --repo repo --rotate timestamp",
        "token create --repo repo --expires never publish:x", "key import --trust eve.asc", "unpack archive.tar unpacked",
    ];

    public static IReadOnlyList<Scenario> Scenarios { get; } = [.. Lines.Select(line => ScenarioTable.All.Single(s => s.Line == line))];

    /// <param name="disk">Where the place is.</param>
    /// <param name="place">A prepared place.</param>
    /// <param name="scenario">Which.</param>
    /// <param name="takes">Which of the syncs, from their number among the writes.</param>
    public static Tally Run(LoopDisk disk, Place place, Scenario scenario, Func<int, bool> takes)
    {
        var tally = new Tally(scenario);
        var fault = Fault.All.Single(f => f.IsStop);
        try
        {
            var rehearsal = Rehearsal.Of(place, scenario);
            for (var number = 2; number <= rehearsal.Calls.Count; number++)
            {
                if (rehearsal.Calls[number - 2] is "fsync" or "fdatasync" or "syncfs" && takes(number))
                {
                    tally.Add(fault, At(disk, place, scenario, rehearsal, number));
                }
            }

            tally.Add(fault, AtTheEnd(disk, place, scenario, rehearsal));
        }
        catch (InvalidOperationException e)
        {
            tally.Add(e.Message);
        }

        return tally;
    }

    static string? At(LoopDisk disk, Place place, Scenario scenario, Rehearsal rehearsal, int number)
    {
        Situation.Make(place, scenario);
        disk.Sync();
        using (var running = new Running(place, place.Words(scenario.Line), ("PM_FAULT", string.Create(CultureInfo.InvariantCulture, $"stop@{number}"))))
        {
            if (Signals.WaitUntilStopped(running.Id))
            {
                disk.Cut();
            }
            else
            {
                return null;
            }
        }

        return Judge(disk, place, scenario, rehearsal, $"the power was cut before write {number} ({rehearsal.Calls[number - 1]})", isDone: false);
    }

    static string? AtTheEnd(LoopDisk disk, Place place, Scenario scenario, Rehearsal rehearsal)
    {
        Situation.Make(place, scenario);
        disk.Sync();
        Place.Require(place.Pm(scenario.Line));
        disk.Cut();
        return Judge(disk, place, scenario, rehearsal, "the power was cut after its success", isDone: true);
    }

    static string? Judge(LoopDisk disk, Place place, Scenario scenario, Rehearsal rehearsal, string what, bool isDone)
    {
        var trial = new Trial(place, scenario, rehearsal);
        disk.AfterTheCut(() => trial.Judge(what, isDone));
        return trial.Finding;
    }
}
