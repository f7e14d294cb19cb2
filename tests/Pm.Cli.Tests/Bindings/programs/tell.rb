require "ebpm"

target, name, ends = ARGV
puts "version #{Ebpm.call("version")["version"]}"
run = Ebpm.open_and_run("/bin/sh", "-c", "echo one; echo two; exit 7")
run.each { |line| puts "line #{line}" }
puts "end #{run.stop["code"]} #{run.kind}"
run = Ebpm.open_and_run("/bin/sh", "-c", "echo begun; exec sleep 1000")
puts "line #{run.next_event}"
puts "end #{run.stop["code"]} #{run.stop["lost"]}"
begin
  Ebpm.open_and_run("./nowhere", strict: true)
rescue Ebpm::Error => e
  puts "refused #{e.code} #{e.exit}"
end
2.times do
  run = Ebpm.open_and_run(target, "--pid", Process.pid)
  puts "attached #{run.programs.join(" ")}"
  begin
    File.open(name)
  rescue Errno::ENOENT
    nil
  end
  event = run.find { |e| e["name"] == name }
  puts "event #{event["pid"] == Process.pid ? "True" : "False"}"
  puts "end #{run.stop["code"]} #{run.stop["lost"]}"
rescue Ebpm::Error => e
  puts "refused #{e.code} #{e.exit}"
end
ENV["PM_EXECUTABLE"] = ends
puts "end #{Ebpm.open_and_run("said").stop["code"]}"
[[ends, "unsaid"], ["pm-is-not-there", "said"], ["/pm-is-not-there", "said"]].each do |executable, what|
  ENV["PM_EXECUTABLE"] = executable
  Ebpm.open_and_run(what).stop
rescue Ebpm::Error => e
  puts "refused #{e.code} #{e.exit}"
end
